/**
 * Word count without migration: an ordinary exchange, and one structure per worker that never moves. Batches are routed and counted by
 * the same functions as those of the migratable variants.
 */
import { exchange, type Pact, type Schema, type Stream, unary } from 'megaphone-engine';
import { binRoute, type DenseArray, type HashTable, LowBitsBinning } from 'megaphone-engine/migration';

import { workerState } from '../worker-state.ts';
import { countByHash, hashCounts } from './hash-count.ts';
import { countByKey, denseCounts } from './key-count.ts';
import type { CountBatch } from './numbered.ts';
import type { CountColumns, WordColumns } from './words.ts';

/** Groups of keys are at least as many times the workers, unless they divide evenly. */
const GROUPS_PER_WORKER = 64;

/**
 * key-count: the low bits of a key choose one of 2^shift groups, the remainder by the number of workers the group's worker. Powers of
 * two of workers have a group each.
 */
export function nativeKeyCount(
  words: Stream<WordColumns>,
  output: Schema<CountColumns>,
  domain: number,
  countBatch: CountBatch<DenseArray> = countByKey,
): Stream<CountColumns> {
  const { peers, extents } = words.scope;
  const isPowerOfTwo = (peers & (peers - 1)) === 0;
  const shift = Math.max(1, Math.ceil(Math.log2(isPowerOfTwo ? peers : GROUPS_PER_WORKER * peers)));
  const binning = new LowBitsBinning(shift);
  const owners = Int32Array.from({ length: 2 ** shift }, (_, group) => group % peers);
  const byGroup = exchange(binRoute<WordColumns>('key', binning, () => owners));
  return counting(words, 'key-count', byGroup, output, countBatch, (worker) => {
    const counts = denseCounts({ binning, extents }, domain);
    owners.forEach((owner, group) => {
      if (owner === worker) counts.create(group);
    });
    return counts;
  });
}

/** hash-count: exchange by hash, one hash table. */
export function nativeHashCount(
  words: Stream<WordColumns>,
  output: Schema<CountColumns>,
  countBatch: CountBatch<HashTable> = countByHash,
): Stream<CountColumns> {
  const makeCounts = () => workerState((bins) => ({ counts: hashCounts(bins) }), words.scope.extents).counts;
  return counting(words, 'hash-count', exchange<WordColumns>('key'), output, countBatch, makeCounts);
}

function counting<S>(
  words: Stream<WordColumns>,
  name: string,
  pact: Pact<WordColumns>,
  schema: Schema<CountColumns>,
  count: CountBatch<S>,
  makeCounts: (worker: number) => S,
): Stream<CountColumns> {
  return unary(words, pact, { name, output: schema }, ({ output, worker }) => {
    const counts = makeCounts(worker);
    return (input) => {
      const { arrivals } = input;
      for (let i = 0; i < arrivals.length; i++) {
        const batch = arrivals[i]!;
        output.at(batch.time);
        count(counts, batch.columns, batch.length, output);
      }
    };
  });
}
