/** Query 6, average selling price by seller: the rows. */
import { Schema } from 'megaphone-engine';

/** When an auction closed in microseconds of event time, its seller, and the average price of their latest closings, in cents. */
export const q6Schema = new Schema({ timeUs: 'float64', seller: 'float64', average: 'float64' });

/** Columns of the rows. */
export type Q6Rows = (typeof q6Schema)['columns'];
