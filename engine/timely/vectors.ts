/**
 * Test vectors of the generators, written by the TypeScript side and checked by `cargo test`: what record n is, for a few seeds, domains
 * and exponents. `node vectors.ts` prints them as they are kept in tests/vectors.json; `megaphone-timely vectors` prints the same numbers
 * as Rust makes them.
 */
import { pathToFileURL } from 'node:url';

import { Digest } from '../../experiments/metrics/digest.ts';
import { LogLinearHistogram } from '../../experiments/metrics/log-linear-histogram.ts';
import { RateSchedule } from '../../experiments/load/schedule.ts';
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  NexmarkGenerator,
} from '../../workloads/nexmark/generator.ts';
import { resolveNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import { WordGenerator } from '../../workloads/word-count/words.ts';
import { ZipfWordGenerator } from '../../workloads/word-count/zipf-words.ts';
import { hashKey } from '../dataflow/hash.ts';

/** Record numbers on both sides of 2^32. */
const RECORDS = [0, 1, 2, 3, 1000, 65_537, 4_294_967_295, 4_294_967_296, 4_294_967_300, 12_884_901_890];
/** Records of a word count that are summed up, so that a draw that is seldom rejected is, too. */
const SUMMED_RECORDS = 100_000;

const WORDS = [
  { seed: 1, domain: 1, zipf: 0 },
  { seed: 1, domain: 50_000, zipf: 0 },
  { seed: 9_007_199_254_740_991, domain: 16_777_216, zipf: 0 },
  { seed: 7, domain: 16_777_217, zipf: 0 },
  { seed: 5_000_000_000, domain: 9_007_199_254_740_991, zipf: 0 },
  { seed: 1, domain: 50_000, zipf: 1 },
  { seed: 2, domain: 1_000_000, zipf: 0.5 },
  { seed: 3, domain: 4_096_000_000, zipf: 1.2 },
  { seed: 4, domain: 9_007_199_254_740_991, zipf: 0.99 },
  { seed: 5, domain: 100, zipf: 4 },
];

const EVENTS = [
  { seed: 1, ratePerSecond: 100_000, given: {} },
  { seed: 77, ratePerSecond: 3_000_001, given: { timeDilation: 79.5, inFlightAuctions: 5000 } },
  {
    seed: 5_000_000_000,
    ratePerSecond: 7,
    given: {
      ...{ personProportion: 3, auctionProportion: 2, bidProportion: 11, hotBlock: 7, activePeople: 5, idLead: 0 },
      ...{ hotSellerRatio: 1, hotAuctionRatio: 100, hotBidderRatio: 3, categories: 7, firstCategory: 0 },
    },
  },
];

/** Events that are listed, and events that are summed up. */
const LISTED_EVENTS = 60;
const SUMMED_EVENTS = 20_000;

/** All vectors. */
export function vectors(): object {
  return {
    hashes: [0, 1, 2, 1000, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991].map((key) => [key, hashKey(key)]),
    words: WORDS.map(wordVector),
    events: EVENTS.map(eventVector),
    schedules: [
      [1_000_000, 1000],
      [3_000_001, 1000],
      [7, 250],
      [24_000_000, 1000],
    ].map(([rate, tickNs]) => scheduleVector(rate!, tickNs!)),
    digest: digestVector(),
    histogram: histogramVector(),
  };
}

function wordVector({ seed, domain, zipf }: (typeof WORDS)[number]): object {
  const generator = zipf === 0 ? new WordGenerator(seed, domain) : new ZipfWordGenerator(seed, domain, zipf);
  const digest = new Digest();
  for (let n = 0; n < SUMMED_RECORDS; n++) digest.addRow([generator.keyOf(n)]);
  return { seed, domain, zipf, keys: RECORDS.map((n) => [n, generator.keyOf(n)]), digest: digest.value() };
}

function eventVector({ seed, ratePerSecond, given }: (typeof EVENTS)[number]): object {
  const parameters = resolveNexmarkParameters(ratePerSecond, given);
  const generator = new NexmarkGenerator(parameters, seed);
  const rows: number[][] = [];
  for (let n = 0; n < LISTED_EVENTS; n++) rows.push(eventRow(generator, n));
  for (const n of RECORDS.slice(4)) rows.push(eventRow(generator, n));
  const digest = new Digest();
  for (let n = 0; n < SUMMED_EVENTS; n++) digest.addRow(eventRow(generator, n));
  const named = Object.entries(parameters).filter(([name]) => name !== 'ratePerSecond');
  return { seed, ratePerSecond, parameters: Object.fromEntries(named), rows, digest: digest.value() };
}

/** Number and kind of an event, then its columns in the order of their declaration. */
function eventRow(generator: NexmarkGenerator, n: number): number[] {
  const kind = generator.kindOf(n);
  const columns = [allocatePersonColumns(1), allocateAuctionColumns(1), allocateBidColumns(1)] as const;
  if (kind === 0) generator.fillPerson(n, columns[0], 0);
  else if (kind === 1) generator.fillAuction(n, columns[1], 0);
  else generator.fillBids(n, 1, 1, columns[2], 0);
  const ofKind: readonly (Float64Array | Int32Array)[] = Object.values(columns[kind]);
  return [n, kind, ...ofKind.map((column) => column[0]!)];
}

function scheduleVector(ratePerSecond: number, tickNs: number): object {
  const schedule = new RateSchedule(ratePerSecond, 60, tickNs);
  const { total, endTick } = schedule;
  const records = [0, 1, 2, 99, total - 1].map((n) => [n, schedule.intendedTick(n)]);
  const due = [0, 1, 7, 12_345, endTick].map((tick) => [tick, schedule.dueAt(tick)]);
  return { ratePerSecond, tickNs, total, endTick, records, due };
}

function digestVector(): object {
  const rows = [[0], [-0, 1], [1.5, -2.25, 3e15], [1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4, 0.5]];
  const digest = new Digest();
  for (const row of rows) digest.addRow(row);
  return {
    rows: rows.map((row) => row.map((number) => (Object.is(number, -0) ? '-0' : number))),
    value: digest.value(),
  };
}

function histogramVector(): object {
  const histogram = new LogLinearHistogram();
  const values = [0, 1, 2047, 2048, 4097, 1e6, 123_456_789, 2 ** 31, 2 ** 31 + 5e6, 1e12, 3e12];
  for (const value of values) histogram.record(value);
  const { indexes, counts, ...rest } = histogram.drain();
  return { values, drained: { indexes: [...indexes], counts: [...counts], ...rest } };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${JSON.stringify(vectors())}\n`);
}
