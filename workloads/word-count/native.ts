/** Word count without migration: an ordinary exchange, and one structure per worker. */
import { type Batch, exchangeBy, type ExchangePact, routed, type Stream, unary } from 'megaphone-engine';
import { HashedBinning, HashTable } from 'megaphone-engine/migration';

import { countSchema, type WordColumns } from './words.ts';

type Counts = Stream<(typeof countSchema)['columns']>;

/** key-count: worker = key mod peers, slot = the rest. */
export function nativeKeyCount(words: Stream<WordColumns>, domain: number): Counts {
  const { peers } = words.scope;
  return unary(words, 'key-count', byRemainder(peers), countSchema, ({ output, worker }) => {
    const counts = new Float64Array(Math.ceil(domain / peers));
    return (input) => {
      for (const batch of input.arrivals) {
        output.at(batch.time);
        const keys = batch.columns.key;
        for (let row = 0; row < batch.length; row++) {
          const key = keys[row]!;
          const slot = (key - worker) / peers;
          const count = counts[slot]! + 1;
          counts[slot] = count;
          const out = output.append();
          output.columns.key[out] = key;
          output.columns.count[out] = count;
        }
      }
    };
  });
}

/** hash-count: exchange by hash, one hash table. */
export function nativeHashCount(words: Stream<WordColumns>): Counts {
  return unary(words, 'hash-count', exchangeBy<WordColumns>('key', words.scope.peers), countSchema, ({ output }) => {
    // Two bins are the fewest that the table knows; none of them ever moves.
    const counts = new HashTable(new HashedBinning(1), 1);
    counts.create(0);
    counts.create(1);
    return (input) => {
      for (const batch of input.arrivals) {
        output.at(batch.time);
        const keys = batch.columns.key;
        for (let row = 0; row < batch.length; row++) {
          const key = keys[row]!;
          const count = counts.add(key, 1);
          const out = output.append();
          output.columns.key[out] = key;
          output.columns.count[out] = count;
        }
      }
    };
  });
}

/** Keys of a power of two of workers by their low bits, otherwise by the remainder of a division. */
function byRemainder(peers: number): ExchangePact<WordColumns> {
  const mask = (peers & (peers - 1)) === 0 ? peers - 1 : -1;
  return routed({
    fillDestinations(batch: Batch<WordColumns>, destinations: Int32Array): void {
      const keys = batch.columns.key;
      if (mask >= 0) for (let row = 0; row < batch.length; row++) destinations[row] = keys[row]! & mask;
      else for (let row = 0; row < batch.length; row++) destinations[row] = keys[row]! % peers;
    },
  });
}
