/** Query 1, currency conversion: a map. */
import { map } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { type Q1Rows, q1Schema } from './rows.ts';

/** Every bid with its price in euro, on the worker that it came from. */
export const q1Native: NativeQuery<Q1Rows> = ({ bids }) =>
  map(bids, q1Schema, (bid, row, out, outRow) => {
    out.timeUs[outRow] = bid.dateTime[row]!;
    out.auction[outRow] = bid.auction[row]!;
    out.bidder[outRow] = bid.bidder[row]!;
    out.price[outRow] = (bid.price[row]! * 89) / 100;
  });
