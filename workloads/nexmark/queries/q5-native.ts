/** Query 5, hot items, without migration. */
import type { NativeQuery } from '../query.ts';
import { nativeUnary } from '../../keyed-operator.ts';
import { q5Hottest, q5Leading } from './q5-hot-items.ts';
import type { Q5Rows } from './rows.ts';

/** The auction with the most bids of each window. */
export const q5Native: NativeQuery<Q5Rows> = ({ bids }, context) =>
  nativeUnary(nativeUnary(bids, 'auction', q5Leading(context)), 'timeUs', q5Hottest(context));
