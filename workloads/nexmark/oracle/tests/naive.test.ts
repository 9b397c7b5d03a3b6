/**
 * The oracle against formulas that look at all records for each row, on generated and on arbitrary inputs:
 * 1. queries 4 and 6 emit one row per auction with a valid bid, averaged over the closings at or before it;
 * 2. query 5 recounts each window; query 7 searches each window; queries 3 and 8 compare all pairs;
 * 3. the rows do not depend on the order of events within a microsecond.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NexmarkGenerator } from '../../generator.ts';
import { resolveNexmarkParameters, type NexmarkParameters } from '../../parameters.ts';
import { query3States } from '../../vocabulary.ts';
import { generatedInput } from '../generated-input.ts';
import { nexmarkQueries, oracle, type NexmarkQuery } from '../oracle.ts';
import type { Auction, Bid, NexmarkInput, Person } from '../records.ts';

interface Lists {
  readonly persons: readonly Person[];
  readonly auctions: readonly Auction[];
  readonly bids: readonly Bid[];
}

type Naive = (input: Lists, parameters: NexmarkParameters) => number[][];

/** The closings with a winner, in no order. */
function closings({
  auctions,
  bids,
}: Lists): { expires: number; id: number; seller: number; category: number; price: number }[] {
  return auctions.flatMap(({ id, seller, category, reserve, dateTime, expires }) => {
    const valid = bids.filter(
      (bid) => bid.auction === id && bid.dateTime >= dateTime && bid.dateTime < expires && bid.price >= reserve,
    );
    return valid.length === 0
      ? []
      : [{ expires, id, seller, category, price: Math.max(...valid.map((bid) => bid.price)) }];
  });
}

const average = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;

const naive: Partial<Record<NexmarkQuery, Naive>> = {
  q3: ({ persons, auctions }, { q3Category }) =>
    persons.flatMap((person) =>
      auctions
        .filter(
          ({ seller, category }) =>
            seller === person.id && category === q3Category && query3States.includes(person.state),
        )
        .map(({ id, dateTime }) => [Math.max(dateTime, person.dateTime), person.name, person.city, person.state, id]),
    ),
  q4: (input) => {
    const all = closings(input);
    return all.map((closing) => {
      const before = all.filter(
        ({ category, expires, id }) =>
          category === closing.category &&
          (expires < closing.expires || (expires === closing.expires && id <= closing.id)),
      );
      return [closing.expires, closing.category, average(before.map(({ price }) => price))];
    });
  },
  q5: ({ bids }, { q5WindowUs, q5SlideUs }) => {
    const result = [];
    const lastTime = Math.max(...bids.map(({ dateTime }) => dateTime), 0);
    for (let end = 0; end <= lastTime + q5WindowUs; end += q5SlideUs) {
      const window = bids.filter(({ dateTime }) => dateTime >= end - q5WindowUs && dateTime < end);
      const candidates = [...new Set(window.map(({ auction }) => auction))].map((auction) => ({
        auction,
        count: window.filter((bid) => bid.auction === auction).length,
      }));
      candidates.sort((a, b) => b.count - a.count || a.auction - b.auction);
      if (candidates[0] !== undefined) result.push([end, candidates[0].auction, candidates[0].count]);
    }
    return result;
  },
  q6: (input, { q6Closings }) => {
    const all = closings(input);
    return all.map((closing) => {
      const before = all
        .filter(
          ({ seller, expires, id }) =>
            seller === closing.seller &&
            (expires < closing.expires || (expires === closing.expires && id <= closing.id)),
        )
        .sort((a, b) => b.expires - a.expires || b.id - a.id)
        .slice(0, q6Closings);
      return [closing.expires, closing.seller, average(before.map(({ price }) => price))];
    });
  },
  q7: ({ bids }, { q7WindowUs }) => {
    const lastTime = Math.max(...bids.map(({ dateTime }) => dateTime), 0);
    const result = [];
    for (let start = 0; start <= lastTime; start += q7WindowUs) {
      const prices = bids.filter(({ dateTime }) => dateTime >= start && dateTime < start + q7WindowUs);
      if (prices.length > 0) result.push([start + q7WindowUs, Math.max(...prices.map(({ price }) => price))]);
    }
    return result;
  },
  q8: ({ persons, auctions }, { q8WindowUs }) =>
    auctions.flatMap(({ id, seller, dateTime }) =>
      persons
        .filter(
          (person) => person.id === seller && person.dateTime <= dateTime && dateTime < person.dateTime + q8WindowUs,
        )
        .map((person) => [dateTime, person.id, person.name, id]),
    ),
};

const sorted = (rows: number[][]): number[][] =>
  rows.sort((a, b) => a.reduce((order, value, i) => order || value - (b[i] ?? 0), 0));

const rowsOf = (query: NexmarkQuery, input: NexmarkInput, parameters: NexmarkParameters): number[][] =>
  sorted([...oracle(query, input, parameters)].map(({ timeUs, values }) => [timeUs, ...values]));

const byTime = <T extends { dateTime: number }>(records: T[]): T[] => records.sort((a, b) => a.dateTime - b.dateTime);

/** Few ids, short times and small prices, so that ties, late and early records abound. */
const anyInput: fc.Arbitrary<Lists> = fc.record({
  persons: fc
    .uniqueArray(
      fc.record({ id: fc.nat(5), name: fc.nat(98), city: fc.nat(9), state: fc.nat(5), dateTime: fc.nat(60) }),
      { selector: ({ id }) => id },
    )
    .map(byTime),
  auctions: fc
    .uniqueArray(
      fc
        .record({
          id: fc.nat(8),
          seller: fc.nat(5),
          category: fc.integer({ min: 10, max: 11 }),
          initialBid: fc.constant(1),
          reserve: fc.nat(5),
          dateTime: fc.nat(60),
          openUs: fc.integer({ min: 1, max: 30 }),
        })
        .map(({ openUs, ...auction }) => ({ ...auction, expires: auction.dateTime + openUs })),
      { selector: ({ id }) => id },
    )
    .map(byTime),
  bids: fc
    .array(fc.record({ auction: fc.nat(8), bidder: fc.nat(5), price: fc.nat(9), dateTime: fc.nat(80) }), {
      maxLength: 60,
    })
    .map(byTime),
});

const tiny = resolveNexmarkParameters(1, {
  q5WindowUs: 12,
  q5SlideUs: 4,
  q6Closings: 2,
  q7WindowUs: 7,
  q8WindowUs: 20,
});

// About 30 s of event time: auctions close, windows slide, and query 8's windows end.
const generated = resolveNexmarkParameters(2000, {
  timeDilation: 20,
  activePeople: 20,
  q5WindowUs: 4e6,
  q7WindowUs: 3e6,
  q8WindowUs: 2e6,
});

describe('oracle against naive formulas', () => {
  for (const [query, formula] of Object.entries(naive) as [NexmarkQuery, Naive][]) {
    it(`agrees on ${query} over arbitrary inputs`, () => {
      fc.assert(
        fc.property(anyInput, (input) => {
          assert.deepEqual(rowsOf(query, input, tiny), sorted(formula(input, tiny)));
        }),
        { numRuns: 200 },
      );
    });

    it(`agrees on ${query} over a generated input, and its output is not empty`, () => {
      const input = generatedInput(new NexmarkGenerator(generated, 3), 3000);
      const lists = { persons: [...input.persons], auctions: [...input.auctions], bids: [...input.bids] };
      const rows = rowsOf(query, input, generated);
      assert.ok(rows.length > 0);
      assert.deepEqual(rows, sorted(formula(lists, generated)));
    });
  }

  it('does not depend on the order of the events within a microsecond', () => {
    const reversedTies = <T extends { dateTime: number }>(records: readonly T[]): T[] => byTime(records.toReversed());
    fc.assert(
      fc.property(anyInput, fc.constantFrom(...nexmarkQueries), (input, query) => {
        const reversed = {
          persons: reversedTies(input.persons),
          auctions: reversedTies(input.auctions),
          bids: reversedTies(input.bids),
        };
        assert.deepEqual(rowsOf(query, reversed, tiny), rowsOf(query, input, tiny));
      }),
    );
  });
});

describe('generatedInput', () => {
  it('lists every event once, in order, and again when iterated again', () => {
    const input = generatedInput(new NexmarkGenerator(generated, 3), 1020);
    const counts = [[...input.persons], [...input.auctions], [...input.bids]].map(({ length }) => length);
    assert.deepEqual(counts, [21, 63, 936]);
    for (const list of [input.persons, input.auctions, input.bids]) {
      const once = [...list];
      assert.deepEqual([...list], once);
      assert.deepEqual(
        once.map(({ dateTime }) => dateTime),
        once.map(({ dateTime }) => dateTime).sort((a, b) => a - b),
      );
    }
  });
});
