/**
 * What one thread can do without an engine: the same generator as the workloads', and the state as one typed array. Each
 * runs in a process of its own (see own-process.ts): beside other loops V8 compiles it differently from turn to turn.
 */
import { WordGenerator } from '../../workloads/word-count/words.ts';
import { median } from './bench-rows.ts';

/** What a bare loop is given. */
export interface BareLoopOptions {
  /** Distinct keys. */
  readonly domain: number;
  /** Records of a turn. */
  readonly records: number;
  /** Seed of the records. */
  readonly seed: number;
}

/** Turns that are measured, after one that is not. */
const TURNS = 5;
/** Records that are generated at once, as the sources do. */
const BATCH_ROWS = 1024;

/** Records per second of `counts[key]++`. */
export function bareKeyCount(options: BareLoopOptions): number {
  const counts = new Float64Array(options.domain).fill(1);
  return medianRate(options, (keys) => {
    for (let i = 0; i < keys.length; i++) counts[keys[i]!]!++;
  });
}

/** Records per second of a hash table with open addressing: keys and counts in one array each, at most half full. */
export function bareHashCount(options: BareLoopOptions): number {
  const slots = 2 ** Math.ceil(Math.log2(options.domain * 2));
  const shift = 32 - Math.log2(slots);
  const mask = slots - 1;
  const names = new Float64Array(slots).fill(-1);
  const counts = new Float64Array(slots).fill(0);
  const count = (keys: Float64Array): void => {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      let slot = Math.imul(key, 0x9e3779b1) >>> shift;
      while (names[slot] !== key && names[slot] !== -1) slot = (slot + 1) & mask;
      names[slot] = key;
      counts[slot]! += 1;
    }
  };
  const key = new Float64Array(1);
  for (let n = 0; n < options.domain; n++) {
    key[0] = n;
    count(key);
  }
  return medianRate(options, count);
}

/** The median over the turns. Every turn draws the same keys. */
function medianRate({ domain, records, seed }: BareLoopOptions, count: (keys: Float64Array) => void): number {
  const generator = new WordGenerator(seed, domain);
  const keys = new Float64Array(BATCH_ROWS);
  const rates: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const startMs = performance.now();
    for (let n = 0; n < records; n += BATCH_ROWS) {
      generator.fill({ key: keys }, 0, n, 1, BATCH_ROWS);
      count(keys);
    }
    rates.push(records / ((performance.now() - startMs) / 1e3));
  }
  return median(rates.slice(1));
}
