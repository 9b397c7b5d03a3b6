/** Query 4, average price per category, without migration. */
import type { NativeQuery } from '../query.ts';
import { closedAuctions } from './closed-auctions.ts';
import { nativeBinary, nativeUnary } from '../../keyed-operator.ts';
import { q4Averages } from './q4-averages.ts';
import type { Q4Rows } from './rows.ts';

/** The average price of a category's closed auctions, one row per closing. */
export const q4Native: NativeQuery<Q4Rows> = ({ auctions, bids }, context) => {
  const closed = nativeBinary(auctions, bids, ['id', 'auction'], closedAuctions(context));
  return nativeUnary(closed, 'category', q4Averages(context));
};
