/** Query 2, selection: the rows. */
import { Schema } from 'megaphone-engine';

/** Time of the bid in microseconds of event time. */
export const q2Schema = new Schema({ timeUs: 'float64', auction: 'float64', price: 'float64' });

/** Columns of the rows. */
export type Q2Rows = (typeof q2Schema)['columns'];
