/** Query 4, average price per category, with migration. */
import type { MegaphoneQuery } from '../query.ts';
import { closedAuctions } from './closed-auctions.ts';
import { megaphoneBinary, megaphoneUnary } from '../../keyed-operator.ts';
import { q4Averages } from './q4-averages.ts';
import type { Q4Rows } from './rows.ts';

/** The average price of a category's closed auctions, one row per closing. */
export const q4Megaphone: MegaphoneQuery<Q4Rows> = ({ auctions, bids }, control, context) => {
  const closed = megaphoneBinary(auctions, bids, ['id', 'auction'], control, closedAuctions(context));
  const averages = megaphoneUnary(closed.stream, 'category', control, q4Averages(context));
  return { stream: averages.stream, migratables: [closed, averages] };
};
