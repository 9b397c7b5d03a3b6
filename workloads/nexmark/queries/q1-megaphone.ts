/** Query 1, currency conversion: an operator without state whose bins can be moved nevertheless. */
import { unary } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { type Q1Rows, q1Schema } from './rows.ts';

/** Every bid with its price in euro, on the worker that owns its auction. */
export const q1Megaphone: MegaphoneQuery<Q1Rows> = ({ bids }, control) => {
  const options = { name: 'q1', state: () => ({}), output: q1Schema };
  const converted = unary(bids, 'auction', control, options, ({ output }) => ({
    onRecords({ columns, length }): void {
      for (let row = 0; row < length; row++) {
        const out = output.append();
        output.columns.timeUs[out] = columns.dateTime[row]!;
        output.columns.auction[out] = columns.auction[row]!;
        output.columns.bidder[out] = columns.bidder[row]!;
        output.columns.price[out] = (columns.price[row]! * 89) / 100;
      }
    },
  }));
  return { stream: converted.stream, migratables: [converted] };
};
