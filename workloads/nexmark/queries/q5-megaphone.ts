/** Query 5, hot items, with migration. */
import type { MegaphoneQuery } from '../query.ts';
import { megaphoneUnary } from '../../keyed-operator.ts';
import { q5Hottest, q5Leading } from './q5-hot-items.ts';
import type { Q5Rows } from './rows.ts';

/** The auction with the most bids of each window. */
export const q5Megaphone: MegaphoneQuery<Q5Rows> = ({ bids }, control, context) => {
  const leading = megaphoneUnary(bids, 'auction', control, q5Leading(context));
  const hottest = megaphoneUnary(leading.stream, 'timeUs', control, q5Hottest(context));
  return { stream: hottest.stream, migratables: [leading, hottest] };
};
