import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  eventKinds,
  NexmarkGenerator,
} from '../generator.ts';
import { resolveNexmarkParameters } from '../parameters.ts';
import { cities, firstNames, lastNames, names, query3States, states } from '../vocabulary.ts';

const { person, auction, bid } = eventKinds;
const parameters = resolveNexmarkParameters(10_000);
const generator = new NexmarkGenerator(parameters, 7);

/** One event as the list of its columns' values, by name. */
function event(from: NexmarkGenerator, n: number): Record<string, number> {
  const columns = {
    [person]: allocatePersonColumns(1),
    [auction]: allocateAuctionColumns(1),
    [bid]: allocateBidColumns(1),
  };
  const kind = from.kindOf(n);
  if (kind === person) from.fillPerson(n, columns[person], 0);
  else if (kind === auction) from.fillAuction(n, columns[auction], 0);
  else from.fillBids(n, 1, 1, columns[bid], 0);
  return Object.fromEntries(
    Object.entries(columns[kind]).map(([name, column]: [string, Float64Array]) => [name, column[0]!]),
  );
}

/** The events of a kind among the numbers from `from` to `to - 1`. */
function eventsOf(kind: number, from: number, to: number): { n: number; [column: string]: number }[] {
  const events = [];
  for (let n = from; n < to; n++) if (generator.kindOf(n) === kind) events.push({ n, ...event(generator, n) });
  return events;
}

function assertShare(part: number, whole: number, expected: number, what: string): void {
  const tolerance = 6 * Math.sqrt((expected * (1 - expected)) / whole);
  assert.ok(Math.abs(part / whole - expected) < tolerance, `${what}: ${part} of ${whole}, expected ${expected}`);
}

describe('vocabulary', () => {
  it('has the sizes of the original and no text twice', () => {
    assert.deepEqual([...states], ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY']);
    assert.deepEqual([cities.length, firstNames.length, lastNames.length, names.length], [10, 11, 9, 99]);
    for (const dictionary of [states, cities, firstNames, lastNames, names]) {
      assert.equal(new Set(dictionary).size, dictionary.length);
    }
    assert.equal(names[3 * lastNames.length + 2], `${firstNames[3]} ${lastNames[2]}`);
    assert.deepEqual(
      query3States.map((code) => states[code]),
      ['OR', 'ID', 'CA'],
    );
  });
});

describe('NexmarkGenerator', () => {
  it('makes 1 person, 3 auctions and 46 bids of every 50 events, in this order', () => {
    for (const cycle of [0, 1, 1000, Math.floor(2 ** 40 / 50) - 1]) {
      const kinds = Array.from({ length: 50 }, (_, offset) => generator.kindOf(cycle * 50 + offset));
      assert.deepEqual(kinds, [person, auction, auction, auction, ...Array<number>(46).fill(bid)]);
    }
  });

  it('numbers persons and auctions without gaps from their first ids', () => {
    assert.deepEqual(
      eventsOf(person, 0, 5000).map(({ id }) => id),
      Array.from({ length: 100 }, (_, i) => 1000 + i),
    );
    assert.deepEqual(
      eventsOf(auction, 0, 5000).map(({ id }) => id),
      Array.from({ length: 300 }, (_, i) => 1000 + i),
    );
  });

  it('counts the persons and auctions up to each event', () => {
    const odd = resolveNexmarkParameters(1, { personProportion: 2, auctionProportion: 3, bidProportion: 4 });
    for (const counted of [generator, new NexmarkGenerator(odd, 1)]) {
      let persons = 0;
      let auctions = 0;
      for (let n = 0; n < 500; n++) {
        if (counted.kindOf(n) === person) persons += 1;
        if (counted.kindOf(n) === auction) auctions += 1;
        assert.deepEqual([counted.personsUpTo(n), counted.auctionsUpTo(n)], [persons, auctions], `event ${n}`);
      }
    }
  });

  it('is a pure function of the parameters, the seed and the event number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 2 }), (seed, order) => {
        const walker = new NexmarkGenerator(parameters, seed);
        const first = order.map((n) => event(walker, n));
        const second = order.toReversed().map((n) => event(new NexmarkGenerator(parameters, seed), n));
        assert.deepEqual(first, second.toReversed());
      }),
    );
    const other = new NexmarkGenerator(parameters, 8);
    const same = Array.from({ length: 100 }, (_, i) => 4 + 50 * i).filter(
      (n) => event(generator, n)['price'] === event(other, n)['price'],
    );
    assert.ok(same.length < 5, `${same.length} of 100 prices are equal under another seed`);
  });

  it('writes the row that it is told to and no other', () => {
    const columns = allocateBidColumns(3);
    generator.fillBids(10, 1, 1, columns, 1);
    assert.deepEqual([columns.price[0], columns.price[1], columns.price[2]], [0, event(generator, 10)['price'], 0]);
  });

  it('fills the batches of all kinds with the same events, one by one or many, whatever the stride and the room', () => {
    const proportions = { personProportion: 2, auctionProportion: 3, bidProportion: 7 };
    const odd = new NexmarkGenerator(resolveNexmarkParameters(1000, proportions), 3);
    const starts = fc.oneof(fc.nat(1000), fc.integer({ min: 2 ** 32 - 500, max: 2 ** 32 }), fc.nat(2 ** 40));
    const rooms = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(generator, odd),
        starts,
        fc.integer({ min: 1, max: 150 }),
        fc.nat(600),
        rooms,
        (from, start, stride, length, room) => {
          const persons = { columns: allocatePersonColumns(room), length: 0, capacity: room };
          const auctions = { columns: allocateAuctionColumns(room), length: 0, capacity: room };
          const bids = { columns: allocateBidColumns(room), length: 0, capacity: room };
          const batches = { [person]: persons, [auction]: auctions, [bid]: bids };
          const next = from.fill(start, stride, start + length, persons, auctions, bids);
          const rows = [0, 0, 0];
          for (let n = start; n < next; n += stride) {
            const kind = from.kindOf(n);
            const row = rows[kind]!++;
            for (const [name, value] of Object.entries(event(from, n))) {
              const column: Readonly<Record<string, Float64Array | Int32Array>> = { ...batches[kind].columns };
              assert.equal(column[name]![row], value, `event ${n}, ${name}`);
            }
          }
          assert.deepEqual(rows, [persons.length, auctions.length, bids.length]);
          assert.equal((next - start) % stride, 0);
          if (next < start + length)
            assert.equal(batches[from.kindOf(next)].length, room, 'no room for the next event');
        },
      ),
    );
  });

  it('dates events by the schedule, faster by the dilation, and never backwards', () => {
    assert.equal(generator.dateTimeOf(0), 0);
    assert.equal(generator.dateTimeOf(12_345), 1_234_500);
    const thirds = new NexmarkGenerator(resolveNexmarkParameters(3e6, { timeDilation: 2 }), 1);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((n) => thirds.dateTimeOf(n)),
      [0, 0, 1, 2, 2],
    );
    const anyRate = fc.double({ min: 0.1, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 0, max: 2 ** 40 }), (ratePerSecond, n) => {
        const dated = new NexmarkGenerator(resolveNexmarkParameters(ratePerSecond), 1);
        assert.ok(dated.dateTimeOf(n) <= dated.dateTimeOf(n + 1));
      }),
    );
  });

  it('draws persons from the whole vocabulary', () => {
    const persons = eventsOf(person, 0, 200_000);
    for (const [column, dictionary] of [
      ['name', names],
      ['city', cities],
      ['state', states],
    ] as const) {
      const codes = new Set(persons.map((one) => one[column]!));
      assert.deepEqual(
        [...codes].sort((a, b) => a - b),
        [...dictionary.keys()],
        column,
      );
    }
    assertShare(persons.filter(({ state }) => state === 0).length, persons.length, 1 / 6, 'first state');
    assertShare(persons.filter(({ city }) => city === 9).length, persons.length, 1 / 10, 'last city');
  });

  it('draws prices between 100 and 10^8 whose logarithm is uniform', () => {
    const bids = eventsOf(bid, 0, 100_000);
    for (const { price } of bids) assert.ok(Number.isInteger(price) && price! >= 100 && price! <= 1e8);
    for (let decade = 2; decade < 8; decade++) {
      const inDecade = bids.filter(({ price }) => Math.floor(Math.log10(price!)) === decade).length;
      assertShare(inDecade, bids.length, 1 / 6, `prices from 10^${decade}`);
    }
  });

  it('asks for a reserve above the initial bid', () => {
    for (const { initialBid, reserve } of eventsOf(auction, 0, 20_000)) {
      assert.ok(initialBid! >= 100 && reserve! >= initialBid! + 100 && reserve! <= initialBid! + 1e8);
    }
  });

  it('draws categories 10 to 14 alike', () => {
    const auctions = eventsOf(auction, 0, 100_000);
    for (let category = 10; category < 15; category++) {
      const part = auctions.filter((one) => one['category'] === category).length;
      assertShare(part, auctions.length, 1 / 5, `category ${category}`);
    }
  });

  it('keeps auctions open 1 microsecond to twice the time of the in-flight auctions, half of that on average', () => {
    const auctions = eventsOf(auction, 0, 100_000);
    const openUs = auctions.map(({ dateTime, expires }) => expires! - dateTime!);
    const meanUs = (100 * 50 * 1e6) / 3 / 10_000;
    for (const us of openUs) assert.ok(Number.isInteger(us) && us >= 1 && us <= 1 + 2 * meanUs);
    const mean = openUs.reduce((a, b) => a + b) / openUs.length;
    assert.ok(Math.abs(mean / meanUs - 1) < 0.05, `${mean} microseconds on average, expected ${meanUs}`);
  });

  it('keeps auctions open at least one microsecond when events come faster than that', () => {
    const fast = new NexmarkGenerator(resolveNexmarkParameters(1e9, { inFlightAuctions: 1 }), 7);
    for (let n = 1; n < 5000; n += 50) {
      const { dateTime, expires } = event(fast, n);
      assert.equal(expires! - dateTime!, 1);
    }
  });

  it('gives 3 of 4 auctions to the hot seller and draws the others from the active people and the lead', () => {
    const auctions = eventsOf(auction, 60_000, 160_000);
    let hot = 0;
    for (const { n, seller } of auctions) {
      const latest = 1000 + generator.personsUpTo(n) - 1;
      assert.ok(seller! > latest - 1000 && seller! <= latest + 10);
      if (seller === 1000 + Math.floor((latest - 1000) / 100) * 100) hot += 1;
    }
    assertShare(hot, auctions.length, 3 / 4 + 1 / 4 / 1010, 'hot sellers');
    assert.ok(
      auctions.some(({ n, seller }) => seller! > 1000 + generator.personsUpTo(n) - 1),
      'future sellers occur',
    );
  });

  it('gives 1 of 2 bids to the hot auction and 3 of 4 to the hot bidder', () => {
    const bids = eventsOf(bid, 60_000, 160_000);
    let hotAuctions = 0;
    let hotBidders = 0;
    let future = 0;
    for (const { n, auction: target, bidder } of bids) {
      const latestAuction = 1000 + generator.auctionsUpTo(n) - 1;
      const latestPerson = 1000 + generator.personsUpTo(n) - 1;
      const hotAuction = 1000 + Math.floor((latestAuction - 1000) / 100) * 100;
      assert.ok(target! > latestAuction - 100 && target! <= latestAuction + 10);
      assert.ok(bidder! > latestPerson - 1000 && bidder! <= latestPerson + 10);
      if (target === hotAuction) hotAuctions += 1;
      if (bidder === 1000 + Math.floor((latestPerson - 1000) / 100) * 100 + 1) hotBidders += 1;
      if (target! > latestAuction) future += 1;
    }
    assertShare(hotAuctions, bids.length, 1 / 2 + 1 / 2 / 110, 'hot auctions');
    assertShare(hotBidders, bids.length, 3 / 4 + 1 / 4 / 1010, 'hot bidders');
    assertShare(future, bids.length, 1 / 2 / 11, 'future auctions');
  });

  it('draws only existing ids and the lead at the start of the input', () => {
    for (const { n, auction: target } of eventsOf(bid, 0, 500)) {
      assert.ok(target! >= 1000 && target! < 1000 + generator.auctionsUpTo(n) + 10);
    }
    for (const { n, seller } of eventsOf(auction, 0, 500)) {
      assert.ok(seller! >= 1000 && seller! < 1000 + generator.personsUpTo(n) + 10);
    }
  });
});
