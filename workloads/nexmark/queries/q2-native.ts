/** Query 2, selection: a filter with a projection. */
import { flatMap } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { type Q2Rows, q2Schema } from './rows.ts';

/** The bids of every 123rd auction, on the worker that they came from. */
export const q2Native: NativeQuery<Q2Rows> = ({ bids }, { parameters: { q2Modulus } }) =>
  flatMap(bids, q2Schema, (bid, row, output) => {
    const auction = bid.auction[row]!;
    if (auction % q2Modulus !== 0) return;
    const out = output.append();
    output.columns.timeUs[out] = bid.dateTime[row]!;
    output.columns.auction[out] = auction;
    output.columns.price[out] = bid.price[row]!;
  });
