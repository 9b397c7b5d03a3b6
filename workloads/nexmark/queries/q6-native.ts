/** Query 6, average selling price by seller, without migration. */
import type { NativeQuery } from '../query.ts';
import { closedAuctions } from './closed-auctions.ts';
import { nativeBinary, nativeUnary } from '../../keyed-operator.ts';
import { q6Averages } from './q6-averages.ts';
import type { Q6Rows } from './rows.ts';

/** The average price of a seller's latest closed auctions, one row per closing. */
export const q6Native: NativeQuery<Q6Rows> = ({ auctions, bids }, context) => {
  const closed = nativeBinary(auctions, bids, ['id', 'auction'], closedAuctions(context));
  return nativeUnary(closed, 'seller', q6Averages(context));
};
