/** The NEXMark generator alone, on one thread. */
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  eventKinds,
  NexmarkGenerator,
} from '../../workloads/nexmark/generator.ts';
import { resolveNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import { median } from './bench-rows.ts';
import { SEED } from './suite.ts';

const EVENTS = 1e7;
const TURNS = 3;

/** Events per second: the median of several turns, after one that is not measured. */
export function generatorRate(): number {
  const generator = new NexmarkGenerator(resolveNexmarkParameters(1e6), SEED);
  const rates: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const startMs = performance.now();
    for (let n = 0; n < EVENTS; n += 1000) generate(generator, n, n + 1000);
    rates.push(EVENTS / ((performance.now() - startMs) / 1e3));
  }
  return median(rates.slice(1));
}

const persons = allocatePersonColumns(1);
const auctions = allocateAuctionColumns(1);
const bids = allocateBidColumns(1);

function generate(generator: NexmarkGenerator, from: number, to: number): void {
  for (let n = from; n < to; n++) {
    const kind = generator.kindOf(n);
    if (kind === eventKinds.bid) generator.fillBid(n, bids, 0);
    else if (kind === eventKinds.auction) generator.fillAuction(n, auctions, 0);
    else generator.fillPerson(n, persons, 0);
  }
}
