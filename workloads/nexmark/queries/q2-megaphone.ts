/** Query 2, selection: an operator without state whose bins can be moved nevertheless. */
import { unary } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { type Q2Rows, q2Schema } from './rows.ts';

/** The bids of every 123rd auction, on the worker that owns the auction. */
export const q2Megaphone: MegaphoneQuery<Q2Rows> = ({ bids }, control, { parameters: { q2Modulus } }) => {
  const options = { name: 'q2', state: () => ({}), output: q2Schema };
  const selected = unary(bids, 'auction', control, options, ({ output }) => ({
    onRecords({ columns, length }): void {
      for (let row = 0; row < length; row++) {
        if (columns.auction[row]! % q2Modulus !== 0) continue;
        const out = output.append();
        output.columns.timeUs[out] = columns.dateTime[row]!;
        output.columns.auction[out] = columns.auction[row]!;
        output.columns.price[out] = columns.price[row]!;
      }
    },
  }));
  return { stream: selected.stream, migratables: [selected] };
};
