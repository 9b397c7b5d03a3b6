/** Query 8, monitor new users: the rows. */
import { Schema } from 'megaphone-engine';

/** When an auction opened in microseconds of event time, the person who opened it, their name, and the auction. */
export const q8Schema = new Schema({ timeUs: 'float64', person: 'float64', name: 'float64', auction: 'float64' });

/** Columns of the rows. */
export type Q8Rows = (typeof q8Schema)['columns'];
