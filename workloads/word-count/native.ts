/**
 * Word count without migration: an ordinary exchange, and one structure per worker that never moves. Batches are counted by the same
 * functions as those of the migratable variants.
 */
import { type Columns, exchangeBy, type OutputPort, type Pact, routed, type Stream, unary } from 'megaphone-engine';
import { LowBitsBinning } from 'megaphone-engine/migration';

import { workerState } from '../worker-state.ts';
import { countByHash, hashCounts } from './hash-count.ts';
import { countByKey, denseCounts } from './key-count.ts';
import { type CountColumns, countSchema, type WordColumns } from './words.ts';

/** Groups of keys are at least as many times the workers, unless they divide evenly. */
const GROUPS_PER_WORKER = 64;

/**
 * key-count: the low bits of a key choose one of 2^shift groups, the remainder by the number of workers the group's worker. Powers of
 * two of workers have a group each.
 */
export function nativeKeyCount(words: Stream<WordColumns>, domain: number): Stream<CountColumns> {
  const { peers } = words.scope;
  const isPowerOfTwo = (peers & (peers - 1)) === 0;
  const shift = Math.max(1, Math.ceil(Math.log2(isPowerOfTwo ? peers : GROUPS_PER_WORKER * peers)));
  const groups = 2 ** shift;
  const byGroup = routed<WordColumns>({
    fillDestinations({ columns: { key }, length }, destinations): void {
      const mask = groups - 1;
      if (isPowerOfTwo) for (let row = 0; row < length; row++) destinations[row] = key[row]! & (peers - 1);
      else for (let row = 0; row < length; row++) destinations[row] = (key[row]! & mask) % peers;
    },
  });
  return counting(words, 'key-count', byGroup, countByKey, (worker) => {
    const own = Array.from({ length: groups }, (_, group) => group).filter((group) => group % peers === worker);
    const counts = denseCounts(new LowBitsBinning(shift), domain, own.length);
    for (const group of own) counts.create(group);
    return counts;
  });
}

/** hash-count: exchange by hash, one hash table. */
export function nativeHashCount(words: Stream<WordColumns>): Stream<CountColumns> {
  const byHash = exchangeBy<WordColumns>('key', words.scope.peers);
  const makeCounts = () => workerState((binning) => ({ counts: hashCounts(binning) })).counts;
  return counting(words, 'hash-count', byHash, countByHash, makeCounts);
}

function counting<S>(
  words: Stream<WordColumns>,
  name: string,
  pact: Pact<WordColumns>,
  count: (counts: S, words: Columns<WordColumns>, length: number, output: OutputPort<CountColumns>) => void,
  makeCounts: (worker: number) => S,
): Stream<CountColumns> {
  return unary(words, name, pact, countSchema, ({ output, worker }) => {
    const counts = makeCounts(worker);
    return (input) => {
      for (const batch of input.arrivals) {
        output.at(batch.time);
        count(counts, batch.columns, batch.length, output);
      }
    };
  });
}
