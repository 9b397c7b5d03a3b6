/** Every NEXMark query on real threads, 1 to 4 of them, under every strategy: the outputs are the oracle's. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launch } from 'megaphone-engine/runtime';
import { workloads } from '../../../workloads/index.ts';
import { nexmarkQueries } from '../../../workloads/nexmark/oracle/oracle.ts';
import { peersOf } from '../../config/owners.ts';
import type { MigrationSpec, RunSpec, StrategySpec } from '../../config/run-spec.ts';
import { Digest, type DigestValue } from '../../metrics/digest.ts';
import { workloadInput, type WorkerResult } from '../dataflow.ts';

/** A few seconds of event time in which windows end, auctions close and persons are forgotten. */
const PARAMETERS = {
  timeDilation: 40,
  inFlightAuctions: 60,
  q5WindowUs: 4e6,
  q5SlideUs: 1e6,
  q7WindowUs: 1e6,
  q8WindowUs: 2e6,
};

const ALL_AT_ONCE: StrategySpec = { name: 'all-at-once', gapMs: 0 };

/** Bins move, gather on one worker, and come back. */
const MIGRATIONS: readonly MigrationSpec[] = [
  { atS: 0.1, to: { name: 'imbalanced' } },
  { atS: 0.17, to: { name: 'one-worker', worker: 1 } },
  { atS: 0.25, to: { name: 'balanced' } },
];

/** Every strategy, each on another number of workers and bins. */
const RUNS: readonly (readonly [workers: number, binShift: number, strategy: StrategySpec])[] = [
  [1, 8, ALL_AT_ONCE],
  [2, 1, ALL_AT_ONCE],
  [2, 6, { name: 'fluid', gapMs: 0 }],
  [3, 5, { name: 'batched', binsPerStep: 7, gapMs: 1 }],
  [4, 8, { name: 'optimized', binsPerPair: 4, gapMs: 0 }],
];

function specOf(name: string, variant: RunSpec['workload']['variant'], run: (typeof RUNS)[number]): RunSpec {
  const [workers, binShift, strategy] = run;
  return {
    experiment: 'threads',
    title: 'threads',
    figure: 'timeline',
    scale: 'smoke',
    workload: { name, variant, domain: 0, parameters: PARAMETERS },
    topology: { processes: 1, workers },
    binShift,
    ratePerSecond: 30_000,
    durationS: 0.35,
    warmUpS: 0,
    seed: 1,
    tickNs: 1000,
    lookaheadTicks: 250,
    initial: { name: 'balanced' },
    migrations: variant === 'native' || workers === 1 ? [] : MIGRATIONS,
    strategy,
    handoff: 'copy',
    preTouch: 'all',
    verify: false,
    repeat: 1,
  };
}

function oracleDigest(spec: RunSpec): DigestValue {
  const digest = new Digest();
  workloads[spec.workload.name]!.oracle(workloadInput(spec), (columns) => digest.addRow(columns));
  return digest.value();
}

async function runDigest(spec: RunSpec): Promise<DigestValue> {
  const results = await launch<WorkerResult>({
    module: new URL('../dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args: spec,
    peers: peersOf(spec),
    tickNs: spec.tickNs,
  }).results;
  const digest = new Digest();
  for (const result of results) digest.merge(result.digest);
  const moved = new Set(results.flatMap(({ departures }) => departures.map(({ time }) => time)));
  // Of two bins, none moves to the imbalanced configuration.
  if (spec.migrations.length > 0) assert.ok(moved.size >= 2, `bins left at ${moved.size} times only`);
  return digest.value();
}

describe('NEXMark on real threads', () => {
  for (const query of nexmarkQueries) {
    it(`${query}: native and Megaphone give the oracle’s results, while bins move`, async () => {
      const expected = oracleDigest(specOf(query, 'native', RUNS[0]!));
      assert.ok(expected.records > 0, 'the input must have results');
      assert.deepEqual(await runDigest(specOf(query, 'native', RUNS[2]!)), expected, 'native');
      for (const run of RUNS) {
        const [workers, binShift, { name }] = run;
        const label = `${name}, ${workers} workers, 2^${binShift} bins`;
        assert.deepEqual(await runDigest(specOf(query, 'megaphone', run)), expected, label);
      }
    });
  }
});
