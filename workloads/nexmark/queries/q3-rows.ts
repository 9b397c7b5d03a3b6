/** Query 3, incremental join: the rows. */
import { Schema } from 'megaphone-engine';

/** The later time of auction and seller in microseconds of event time; name, city and state are codes of vocabulary.ts. */
export const q3Schema = new Schema({
  timeUs: 'float64',
  name: 'int32',
  city: 'int32',
  state: 'int32',
  auction: 'float64',
});

/** Columns of the rows. */
export type Q3Rows = (typeof q3Schema)['columns'];
