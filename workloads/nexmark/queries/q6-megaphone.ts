/** Query 6, average selling price by seller, with migration. */
import type { MegaphoneQuery } from '../query.ts';
import { closedAuctions } from './closed-auctions.ts';
import { megaphoneBinary, megaphoneUnary } from '../../keyed-operator.ts';
import { q6Averages } from './q6-averages.ts';
import type { Q6Rows } from './rows.ts';

/** The average price of a seller's latest closed auctions, one row per closing. */
export const q6Megaphone: MegaphoneQuery<Q6Rows> = ({ auctions, bids }, control, context) => {
  const closed = megaphoneBinary(auctions, bids, ['id', 'auction'], control, closedAuctions(context));
  const averages = megaphoneUnary(closed.stream, 'seller', control, q6Averages(context));
  return { stream: averages.stream, migratables: [closed, averages] };
};
