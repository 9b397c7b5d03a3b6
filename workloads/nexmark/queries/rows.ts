/**
 * The rows of the queries. The first column is a row's event time in microseconds, in which the outputs are compared.
 */
import { Schema } from 'megaphone-engine';

/**
 * Query 1, currency conversion. Time of the bid in microseconds of event time; the price is in cents of a euro, not
 * rounded.
 */
export const q1Schema = new Schema({ timeUs: 'float64', auction: 'float64', bidder: 'float64', price: 'float64' });

/** Columns of query 1's rows. */
export type Q1Rows = (typeof q1Schema)['columns'];

/** Query 2, selection. Time of the bid in microseconds of event time. */
export const q2Schema = new Schema({ timeUs: 'float64', auction: 'float64', price: 'float64' });

/** Columns of query 2's rows. */
export type Q2Rows = (typeof q2Schema)['columns'];

/**
 * Query 3, incremental join. The later time of auction and seller in microseconds of event time; name, city and state
 * are codes of vocabulary.ts.
 */
export const q3Schema = new Schema({
  timeUs: 'float64',
  name: 'int32',
  city: 'int32',
  state: 'int32',
  auction: 'float64',
});

/** Columns of query 3's rows. */
export type Q3Rows = (typeof q3Schema)['columns'];

/**
 * Query 4, average price per category. When an auction closed in microseconds of event time, and the average winning
 * price of its category so far, in cents.
 */
export const q4Schema = new Schema({ timeUs: 'float64', category: 'float64', average: 'float64' });

/** Columns of query 4's rows. */
export type Q4Rows = (typeof q4Schema)['columns'];

/**
 * Query 5, hot items. End of a window in microseconds of event time, the auction with the most bids in the window,
 * and how many these are.
 */
export const q5Schema = new Schema({ timeUs: 'float64', auction: 'float64', bids: 'float64' });

/** Columns of query 5's rows, and of the auctions that lead a window so far. */
export type Q5Rows = (typeof q5Schema)['columns'];

/**
 * Query 6, average selling price by seller. When an auction closed in microseconds of event time, its seller, and the
 * average price of their latest closings, in cents.
 */
export const q6Schema = new Schema({ timeUs: 'float64', seller: 'float64', average: 'float64' });

/** Columns of query 6's rows. */
export type Q6Rows = (typeof q6Schema)['columns'];

/** Query 7, highest bid. End of a window in microseconds of event time, and the window's highest price in cents. */
export const q7Schema = new Schema({ timeUs: 'float64', price: 'float64' });

/** Columns of query 7's rows, and of the prices that the pre-reduction lets pass. */
export type Q7Rows = (typeof q7Schema)['columns'];

/**
 * Query 8, monitor new users. When an auction opened in microseconds of event time, the person who opened it, their
 * name, and the auction.
 */
export const q8Schema = new Schema({ timeUs: 'float64', person: 'float64', name: 'float64', auction: 'float64' });

/** Columns of query 8's rows. */
export type Q8Rows = (typeof q8Schema)['columns'];
