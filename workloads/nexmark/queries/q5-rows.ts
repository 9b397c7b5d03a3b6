/** Query 5, hot items: the rows. */
import { Schema } from 'megaphone-engine';

/** End of a window in microseconds of event time, the auction with the most bids in the window, and how many these are. */
export const q5Schema = new Schema({ timeUs: 'float64', auction: 'float64', bids: 'float64' });

/** Columns of the rows, and of the auctions that lead a window so far. */
export type Q5Rows = (typeof q5Schema)['columns'];
