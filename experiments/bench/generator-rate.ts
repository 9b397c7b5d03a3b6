/** The NEXMark generator alone, on one thread. */
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  NexmarkGenerator,
} from '../../workloads/nexmark/generator.ts';
import { resolveNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import { median } from './bench-rows.ts';
import { SEED } from './suite.ts';

const EVENTS = 1e7;
const TURNS = 3;
/** Rows of the batches that events are written to. */
const ROWS = 4096;

/** Events per second: the median of several turns, after one that is not measured. */
export function generatorRate(): number {
  const generator = new NexmarkGenerator(resolveNexmarkParameters(1e6), SEED);
  const rates: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const startMs = performance.now();
    for (let n = 0; n < EVENTS; n = fillBatches(generator, n));
    rates.push(EVENTS / ((performance.now() - startMs) / 1e3));
  }
  return median(rates.slice(1));
}

const batchOf = <C>(columns: C) => ({ columns, capacity: ROWS, length: 0 });
const persons = batchOf(allocatePersonColumns(ROWS));
const auctions = batchOf(allocateAuctionColumns(ROWS));
const bids = batchOf(allocateBidColumns(ROWS));

/** Fills the batches again, from event `n` on, as a source does; returns the next event. */
function fillBatches(generator: NexmarkGenerator, n: number): number {
  persons.length = 0;
  auctions.length = 0;
  bids.length = 0;
  return generator.fill(n, 1, EVENTS, persons, auctions, bids);
}
