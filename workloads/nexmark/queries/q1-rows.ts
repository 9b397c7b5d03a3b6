/** Query 1, currency conversion: the rows. */
import { Schema } from 'megaphone-engine';

/** Time of the bid in microseconds of event time; the price is in cents of a euro, not rounded. */
export const q1Schema = new Schema({ timeUs: 'float64', auction: 'float64', bidder: 'float64', price: 'float64' });

/** Columns of the rows. */
export type Q1Rows = (typeof q1Schema)['columns'];
