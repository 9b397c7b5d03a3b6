/** The two word counts as workloads: input, both variants, oracle. */
import {
  type ColumnTypes,
  type RecordGenerator,
  type ScheduledSource,
  scheduledSource,
  type Scope,
  type Stream,
} from 'megaphone-engine';
import type { Migratable } from 'megaphone-engine/migration';

import type { ParameterDescription, Workload, WorkloadInput } from '../workload.ts';
import { countByHash, hashCount } from './hash-count.ts';
import { countByKey, keyCount } from './key-count.ts';
import { nativeHashCount, nativeKeyCount } from './native.ts';
import { type CountBatch, numberedCount, numberedRecords, numberedSchemas } from './numbered.ts';
import { everyKey, type WordColumns, WordGenerator, type WordSchemas, wordSchemas } from './words.ts';
import { ZipfWordGenerator } from './zipf-words.ts';

/** Parameters of both word counts. */
const PARAMETERS = {
  zipf: {
    summary:
      "exponent of Zipf's law: the k-th most frequent key has a share proportional to 1/k^zipf; 0 for uniform keys",
    default: 0,
    minimum: 0,
    maximum: 4,
    whole: false,
  },
} satisfies Readonly<Record<string, ParameterDescription>>;

/** key-count: dense identifiers. */
export const keyCountWorkload: Workload = {
  description: {
    summary: 'cumulative count per identifier, in a dense array per bin',
    hasDomain: true,
    canNumber: true,
    parameters: PARAMETERS,
    stateBytes: ({ domain }) => 8 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  oracle,
  native(scope, input) {
    const { stream, source } = words(scope, input);
    const { counts } = schemas(input);
    const results = nativeKeyCount(stream, counts, input.domain, counting(input, countByKey));
    return { results: plain(results), source, migratables: [] };
  },
  megaphone(scope, input, control) {
    const { stream, source } = words(scope, input);
    const { counts } = schemas(input);
    return megaphone(keyCount(stream, control, counts, input.domain, counting(input, countByKey)), source);
  },
};

/** hash-count: identifiers are looked up in hash tables. */
export const hashCountWorkload: Workload = {
  description: {
    summary: 'cumulative count per identifier, in a hash table per bin',
    hasDomain: true,
    canNumber: true,
    parameters: PARAMETERS,
    // 16 bytes per slot, tables from 0.3 to 0.6 full: 40 on average, and as many for the smaller tables that they grew out of.
    stateBytes: ({ domain }) => 80 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  oracle,
  native(scope, input) {
    const { stream, source } = words(scope, input);
    const results = nativeHashCount(stream, schemas(input).counts, counting(input, countByHash));
    return { results: plain(results), source, migratables: [] };
  },
  megaphone(scope, input, control) {
    const { stream, source } = words(scope, input);
    return megaphone(hashCount(stream, control, schemas(input).counts, counting(input, countByHash)), source);
  },
};

/** The scheduled identifiers, after every key of the domain was loaded once. */
function words(
  scope: Scope,
  input: WorkloadInput,
): { readonly stream: Stream<WordColumns>; readonly source: ScheduledSource<WordColumns> } {
  const { schedule, domain } = input;
  const withNumbers = input.numbered === true ? numberedRecords : (records: RecordGenerator<WordColumns>) => records;
  return scheduledSource(scope, 'words', schemas(input).words, {
    schedule,
    records: withNumbers(wordGenerator(input)),
    load: { total: domain, records: withNumbers(everyKey) },
  });
}

function schemas({ domain, numbered }: WorkloadInput): WordSchemas {
  return numbered === true ? numberedSchemas(wordSchemas(domain)) : wordSchemas(domain);
}

function counting<S>({ numbered }: WorkloadInput, count: CountBatch<S>): CountBatch<S> {
  return numbered === true ? numberedCount(count) : count;
}

/** Uniform keys, or skewed ones. */
function wordGenerator({ seed, domain, parameters }: WorkloadInput): WordGenerator | ZipfWordGenerator {
  const exponent = parameters['zipf'] ?? PARAMETERS.zipf.default;
  return exponent === 0 ? new WordGenerator(seed, domain) : new ZipfWordGenerator(seed, domain, exponent);
}

function megaphone<C extends ColumnTypes>(counts: Migratable<C>, source: ScheduledSource<WordColumns>) {
  const migratable = counts as unknown as Migratable<ColumnTypes>;
  return { results: migratable.stream, source, migratables: [migratable] };
}

function plain<C extends ColumnTypes>(stream: Stream<C>): Stream<ColumnTypes> {
  return stream;
}

/** The counts 1, 2, 3 .. of every key: the load first, then the records in order of n. */
function oracle(input: WorkloadInput, result: (columns: readonly number[]) => void): void {
  const { schedule, domain } = input;
  const counts = new Float64Array(domain);
  const generator = wordGenerator(input);
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
