/** Query 4, average price per category: the rows. */
import { Schema } from 'megaphone-engine';

/** When an auction closed in microseconds of event time, and the average winning price of its category so far, in cents. */
export const q4Schema = new Schema({ timeUs: 'float64', category: 'float64', average: 'float64' });

/** Columns of the rows. */
export type Q4Rows = (typeof q4Schema)['columns'];
