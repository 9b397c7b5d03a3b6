/** Small inputs whose outputs were computed by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveNexmarkParameters } from '../../parameters.ts';
import { query3States, states } from '../../vocabulary.ts';
import { nexmarkQueries, oracle, type NexmarkQuery } from '../oracle.ts';
import type { Auction, Bid, NexmarkInput, Person } from '../records.ts';

const parameters = resolveNexmarkParameters(1, {
  q5WindowUs: 30,
  q5SlideUs: 10,
  q6Closings: 3,
  q7WindowUs: 10,
  q8WindowUs: 100,
});

/** The rows of a query as (time, ...values). */
function rows(query: NexmarkQuery, input: Partial<NexmarkInput>): number[][] {
  const output = oracle(query, { persons: [], auctions: [], bids: [], ...input }, parameters);
  return [...output].map(({ timeUs, values }) => [timeUs, ...values]);
}

const person = (id: number, dateTime: number, state = 3): Person => ({
  id,
  name: id + 1,
  city: id + 2,
  state,
  dateTime,
});
const bid = (auction: number, price: number, dateTime: number): Bid => ({ auction, bidder: 1, price, dateTime });
const auction = (id: number, dateTime: number, expires: number, more: Partial<Auction> = {}): Auction => ({
  id,
  seller: 1,
  category: 10,
  initialBid: 100,
  reserve: 200,
  dateTime,
  expires,
  ...more,
});

describe('oracle', () => {
  it('knows eight queries, and none emits anything for an empty input', () => {
    assert.deepEqual(nexmarkQueries, ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8']);
    for (const query of nexmarkQueries) assert.deepEqual(rows(query, {}), [], query);
  });
});

describe('query 1', () => {
  it('converts prices to euro without rounding', () => {
    const bids = [bid(5, 100, 0), { auction: 6, bidder: 9, price: 101, dateTime: 4 }];
    assert.deepEqual(rows('q1', { bids }), [
      [0, 5, 1, 89],
      [4, 6, 9, 89.89],
    ]);
  });
});

describe('query 2', () => {
  it('keeps the bids of auctions whose id is a multiple of 123', () => {
    const bids = [bid(1230, 7, 1), bid(1231, 8, 2), bid(123, 9, 2)];
    assert.deepEqual(rows('q2', { bids }), [
      [1, 1230, 7],
      [2, 123, 9],
    ]);
  });
});

describe('query 3', () => {
  it('joins in whichever order the two arrive, all auctions of a seller', () => {
    const persons = [person(1, 10), person(2, 20), person(3, 30, states.indexOf('WA'))];
    const auctions = [
      auction(51, 5, 99, { seller: 2 }),
      auction(52, 15, 99, { seller: 1 }),
      auction(53, 16, 99, { seller: 1, category: 11 }),
      auction(54, 17, 99, { seller: 3 }),
      auction(55, 25, 99, { seller: 2 }),
      auction(56, 26, 99, { seller: 4 }),
    ];
    assert.deepEqual(rows('q3', { persons, auctions }), [
      [20, 3, 4, 3, 51],
      [15, 2, 3, 3, 52],
      [25, 3, 4, 3, 55],
    ]);
  });

  it('keeps sellers of OR, ID and CA', () => {
    const persons = states.map((_, state) => person(state, 0, state));
    const auctions = states.map((_, seller) => auction(50 + seller, 1, 2, { seller }));
    const found = rows('q3', { persons, auctions }).map(([, , , state]) => states[state!]);
    assert.deepEqual(found.sort(), ['CA', 'ID', 'OR']);
    assert.equal(query3States.length, 3);
  });
});

describe('query 4', () => {
  it('counts the bids from the opening up to and without the expiry, at or above the reserve', () => {
    const auctions = [auction(1, 10, 20), auction(2, 10, 20, { category: 11 }), auction(3, 10, 20, { category: 12 })];
    const bids = [
      bid(1, 900, 9), // too early
      bid(1, 200, 10),
      bid(2, 199, 10), // below the reserve
      bid(4, 500, 11), // no such auction
      bid(1, 300, 19),
      bid(1, 250, 19),
      bid(3, 700, 20), // too late
      bid(1, 800, 20), // too late
    ];
    assert.deepEqual(rows('q4', { auctions, bids }), [[20, 10, 300]]);
  });

  it('accepts a bid of the same microsecond that comes before the auction', () => {
    // Nothing but the times shows in the input: lists are apart, and the bid may have the lower event number.
    assert.deepEqual(rows('q4', { auctions: [auction(1, 10, 20)], bids: [bid(1, 400, 10)] }), [[20, 10, 400]]);
  });

  it('averages per category in the order of expiry, then of ids, and closes everything at the end', () => {
    const auctions = [
      auction(1, 0, 1_000_000),
      auction(2, 0, 50),
      auction(3, 0, 50, { category: 11 }),
      auction(4, 0, 50),
      auction(5, 0, 40),
      auction(6, 0, 45), // no bid
    ];
    const bids = [bid(1, 1000, 1), bid(2, 300, 1), bid(3, 500, 1), bid(4, 700, 1), bid(5, 200, 1)];
    assert.deepEqual(rows('q4', { auctions, bids }), [
      [40, 10, 200],
      [50, 10, 250],
      [50, 11, 500],
      [50, 10, 400],
      [1_000_000, 10, 550],
    ]);
  });
});

describe('query 5', () => {
  it('emits the hottest auction of each window until the last bid has left', () => {
    const bids = [bid(7, 1, 0), bid(8, 1, 5), bid(8, 1, 9), bid(7, 1, 10), bid(7, 1, 19), bid(9, 1, 35)];
    assert.deepEqual(rows('q5', { bids }), [
      [10, 8, 2], // [-20, 10): 7 once, 8 twice
      [20, 7, 3], // [-10, 20)
      [30, 7, 3], // [0, 30)
      [40, 7, 2], // [10, 40): 7 twice, 9 once
      [50, 9, 1], // [20, 50)
      [60, 9, 1], // [30, 60)
    ]);
  });

  it('prefers the lowest auction id on ties, and skips windows without bids', () => {
    const bids = [bid(9, 1, 29), bid(8, 1, 29), bid(5, 1, 100)];
    assert.deepEqual(rows('q5', { bids }), [
      [30, 8, 1],
      [40, 8, 1],
      [50, 8, 1],
      [110, 5, 1],
      [120, 5, 1],
      [130, 5, 1],
    ]);
  });
});

describe('query 6', () => {
  it('averages the last closings of each seller in the order of expiry, then of ids', () => {
    const auctions = [
      auction(1, 0, 60),
      auction(2, 0, 20),
      auction(3, 0, 10),
      auction(4, 0, 20, { seller: 2 }),
      auction(5, 0, 20),
      auction(6, 0, 15), // no bid
    ];
    const bids = [bid(1, 1000, 1), bid(2, 300, 1), bid(3, 200, 1), bid(4, 777, 1), bid(5, 400, 1)];
    assert.deepEqual(rows('q6', { auctions, bids }), [
      [10, 1, 200],
      [20, 1, 250],
      [20, 2, 777],
      [20, 1, 300],
      [60, 1, 1700 / 3],
    ]);
  });
});

describe('query 7', () => {
  it('emits the highest price of each window that has a bid, and of the last', () => {
    const bids = [bid(1, 5, 0), bid(2, 9, 9), bid(3, 7, 10), bid(3, 6, 19), bid(3, 1, 41)];
    assert.deepEqual(rows('q7', { bids }), [
      [10, 9],
      [20, 7],
      [50, 1],
    ]);
  });
});

describe('query 8', () => {
  it('matches every auction from the registration up to and without the end of the window', () => {
    const persons = [person(1, 10), person(2, 500)];
    const auctions = [
      auction(51, 9, 99), // before registering
      auction(52, 10, 99),
      auction(53, 109, 999),
      auction(54, 110, 999), // too late
      auction(55, 120, 999, { seller: 3 }), // unknown
      auction(56, 450, 999, { seller: 2 }), // before registering
      auction(57, 500, 999, { seller: 2 }),
    ];
    assert.deepEqual(rows('q8', { persons, auctions }), [
      [10, 1, 2, 52],
      [109, 1, 2, 53],
      [500, 2, 3, 57],
    ]);
  });
});
