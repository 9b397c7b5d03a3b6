/** The two word counts as workloads: input, both variants, oracle. */
import { type ColumnTypes, type ScheduledSource, scheduledSource, type Scope, type Stream } from 'megaphone-engine';
import type { Migratable } from 'megaphone-engine/migration';

import type { Workload, WorkloadInput } from '../workload.ts';
import { hashCount } from './hash-count.ts';
import { keyCount } from './key-count.ts';
import { nativeHashCount, nativeKeyCount } from './native.ts';
import { everyKey, type WordColumns, WordGenerator, wordSchemas } from './words.ts';

/** key-count: dense identifiers. */
export const keyCountWorkload: Workload = {
  description: {
    summary: 'cumulative count per identifier, in a dense array per bin',
    hasDomain: true,
    parameters: {},
    stateBytes: ({ domain }) => 8 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  oracle,
  native(scope, input) {
    const { stream, source } = words(scope, input);
    return {
      results: plain(nativeKeyCount(stream, wordSchemas(input.domain).counts, input.domain)),
      source,
      migratables: [],
    };
  },
  megaphone(scope, input, control) {
    const { stream, source } = words(scope, input);
    return megaphone(keyCount(stream, control, wordSchemas(input.domain).counts, input.domain), source);
  },
};

/** hash-count: identifiers are looked up in hash tables. */
export const hashCountWorkload: Workload = {
  description: {
    summary: 'cumulative count per identifier, in a hash table per bin',
    hasDomain: true,
    parameters: {},
    // 16 bytes per slot, tables from 0.3 to 0.6 full: 40 on average, and as many for the smaller tables that they grew out of.
    stateBytes: ({ domain }) => 80 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  oracle,
  native(scope, input) {
    const { stream, source } = words(scope, input);
    return { results: plain(nativeHashCount(stream, wordSchemas(input.domain).counts)), source, migratables: [] };
  },
  megaphone(scope, input, control) {
    const { stream, source } = words(scope, input);
    return megaphone(hashCount(stream, control, wordSchemas(input.domain).counts), source);
  },
};

/** The scheduled identifiers, after every key of the domain was loaded once. */
function words(
  scope: Scope,
  { schedule, seed, domain }: WorkloadInput,
): { readonly stream: Stream<WordColumns>; readonly source: ScheduledSource<WordColumns> } {
  return scheduledSource(scope, 'words', wordSchemas(domain).words, {
    schedule,
    records: new WordGenerator(seed, domain),
    load: { total: domain, records: everyKey },
  });
}

function megaphone<C extends ColumnTypes>(counts: Migratable<C>, source: ScheduledSource<WordColumns>) {
  const migratable = counts as unknown as Migratable<ColumnTypes>;
  return { results: migratable.stream, source, migratables: [migratable] };
}

function plain<C extends ColumnTypes>(stream: Stream<C>): Stream<ColumnTypes> {
  return stream;
}

/** The counts 1, 2, 3 .. of every key: the load first, then the records in order of n. */
function oracle({ schedule, seed, domain }: WorkloadInput, result: (columns: readonly number[]) => void): void {
  const counts = new Float64Array(domain);
  const generator = new WordGenerator(seed, domain);
  const row = [0, 0];
  const count = (key: number): void => {
    counts[key]! += 1;
    row[0] = key;
    row[1] = counts[key]!;
    result(row);
  };
  for (let key = 0; key < domain; key++) count(key);
  for (let n = 0; n < schedule.total; n++) count(generator.keyOf(n));
}
