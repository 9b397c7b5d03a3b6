/** Query 7, highest bid: the rows. */
import { Schema } from 'megaphone-engine';

/** End of a window in microseconds of event time, and the window's highest price in cents. */
export const q7Schema = new Schema({ timeUs: 'float64', price: 'float64' });

/** Columns of the rows, and of the prices that the pre-reduction lets pass. */
export type Q7Rows = (typeof q7Schema)['columns'];

/** End of the window that holds `dateTime`; windows start at the multiples of `windowUs` and hold their start, not their end. */
export function windowEnd(dateTime: number, windowUs: number): number {
  return (Math.floor(dateTime / windowUs) + 1) * windowUs;
}
