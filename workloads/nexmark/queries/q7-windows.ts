/** The windows of query 7, and the operator that takes the maximum of the prices that a pre-reduction lets pass. */
import { HashTable } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import type { KeyedUnary } from '../../keyed-operator.ts';
import { type Q7Rows, q7Schema } from './rows.ts';

/**
 * End of the window that holds `dateTime`; windows start at the multiples of `windowUs` and hold their start, not
 * their end.
 */
export function windowEnd(dateTime: number, windowUs: number): number {
  return (Math.floor(dateTime / windowUs) + 1) * windowUs;
}

/** The highest price of each window; keyed by the window's end. */
export function q7Highest({ eventTime }: QueryContext): KeyedUnary<Q7Rows, Readonly<{ windows: HashTable }>, Q7Rows> {
  return {
    name: 'q7',
    state: (bins) => ({ windows: new HashTable(bins, 1) }),
    output: q7Schema,
    kernel: ({ state, output, notificator }) => ({
      onRecords({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const end = columns.timeUs[i]!;
          const row = state.windows.insert(end);
          if (state.windows.inserted) notificator.notifyAt(eventTime.timerAt(end - 1), end, 0);
          state.windows.set(row, 0, Math.max(state.windows.get(row, 0), columns.price[i]!));
        }
      },
      onPending(_time, end): void {
        const out = output.append();
        output.columns.timeUs[out] = end;
        output.columns.price[out] = state.windows.get(state.windows.find(end), 0);
        state.windows.delete(end);
      },
    }),
  };
}
