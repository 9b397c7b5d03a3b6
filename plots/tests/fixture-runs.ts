/** FIXTURE: invented runs for tests of the charts. Nothing in them was measured. */
import type { RunSpec, StrategySpec } from '../../experiments/config/run-spec.ts';
import { runId } from '../../experiments/config/run-id.ts';
import type { Run } from '../../experiments/results/run-reader.ts';

/** What a fixture run differs in from the default one. */
export interface FixtureOptions {
  readonly spec?: Partial<RunSpec>;
  /** Height of the spike during a migration. */
  readonly spikeMs?: number;
  /** Length of a migration. */
  readonly migrationS?: number;
  /** Epochs without any record. */
  readonly emptyEpochs?: readonly number[];
  readonly valid?: boolean;
  /** Share of processor time that was stolen. */
  readonly stolenShare?: number;
}

/** A small deterministic source of numbers in [0, 1). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const strategyNames: Record<StrategySpec['name'], StrategySpec> = {
  'all-at-once': { name: 'all-at-once', gapMs: 0 },
  fluid: { name: 'fluid', gapMs: 0 },
  batched: { name: 'batched', binsPerStep: 16, gapMs: 0 },
  optimized: { name: 'optimized', binsPerPair: 16, gapMs: 0 },
};

/** The strategies of the fixtures. */
export function fixtureStrategy(name: StrategySpec['name']): StrategySpec {
  return strategyNames[name];
}

/** The default resolved run of the fixtures. */
export const fixtureSpec: RunSpec = {
  experiment: 'fixture',
  title: 'FIXTURE (invented data): latency while a quarter of the state of key-count moves and comes back',
  figure: 'timeline',
  scale: 'laptop',
  workload: { name: 'key-count', variant: 'megaphone', domain: 64e6, parameters: {} },
  topology: { processes: 1, workers: 2 },
  binShift: 12,
  ratePerSecond: 1e6,
  durationS: 60,
  warmUpS: 2,
  seed: 1,
  tickNs: 1000,
  lookaheadTicks: 1000,
  initial: { name: 'balanced' },
  migrations: [
    { atS: 20, to: { name: 'imbalanced' } },
    { atS: 40, to: { name: 'balanced' } },
  ],
  strategy: { name: 'all-at-once', gapMs: 0 },
  handoff: 'copy',
  preTouch: 'all',
  verify: false,
  repeat: 1,
};

/** An invented run. */
export function fixtureRun(options: FixtureOptions = {}): Run {
  const spec: RunSpec = { ...fixtureSpec, ...options.spec };
  const { spikeMs = 900, migrationS = 1.2, emptyEpochs = [], valid = true } = options;
  const random = noise(spec.seed + spec.repeat * 7919 + spec.binShift);
  const isMigrating = (timeS: number): number => {
    for (const { atS } of spec.migrations) {
      if (timeS + 0.25 > atS && timeS < atS + migrationS + 0.25)
        return 1 - Math.max(0, timeS - atS) / (migrationS + 0.5);
    }
    return 0;
  };
  const timeline = Array.from({ length: spec.durationS * 4 }, (_, epoch) => {
    const startS = epoch / 4;
    const share = isMigrating(startS);
    const maxNs = (0.8 + 2 * random() ** 4 + (random() > 0.985 ? 6 : 0) + share * spikeMs) * 1e6;
    return {
      epoch,
      startS,
      records: emptyEpochs.includes(epoch) ? 0 : spec.ratePerSecond / 4,
      p25Ns: (0.03 + 0.005 * random() + share * spikeMs * 0.3) * 1e6,
      p50Ns: (0.06 + 0.01 * random() + share * spikeMs * 0.5) * 1e6,
      p99Ns: Math.min(maxNs, (0.3 + 0.2 * random() + share * spikeMs * 0.9) * 1e6),
      p999Ns: maxNs * 0.95,
      maxNs,
    };
  });
  const stepCount = spec.strategy.name === 'all-at-once' ? 1 : 8;
  const migrations = spec.migrations.flatMap(({ atS }, migration) =>
    Array.from({ length: stepCount }, (_, step) => ({
      migration,
      step,
      timeTicks: Math.round((atS + (step * migrationS) / stepCount) * 1e6),
      issuedS: atS + (step * migrationS) / stepCount,
      completedS: atS + ((step + 1) * migrationS) / stepCount,
      bins: 1024 / stepCount,
      bytes: Math.round((spec.workload.domain * 8) / 4 / stepCount),
    })),
  );
  const scaleMs = 0.05 * (1 + 2 ** (spec.binShift - 12)) * (spec.workload.variant === 'native' ? 0.3 : 1);
  const ccdf = Array.from({ length: 300 }, (_, index) => {
    const latencyMs = scaleMs * 1.02 ** index;
    const tail = index === 299 ? 0 : Math.max(1e-7, Math.exp(-1.3 * Math.log(latencyMs / scaleMs) ** 1.6));
    return { latencyNs: latencyMs * 1e6, fractionAbove: tail, records: 1000 };
  });
  const stateBytes = spec.workload.domain * 8;
  const memory = Array.from({ length: spec.durationS * 2 }, (_, index) => {
    const timeS = index / 2;
    const share = isMigrating(timeS);
    const queuedBytes = Math.round(share * (spec.strategy.name === 'all-at-once' ? stateBytes * 0.25 : 2e6));
    return {
      timeS,
      rssBytes: Math.round(300e6 + stateBytes * 1.1 + queuedBytes * 1.2),
      stateBytes,
      queuedBytes,
      minorFaults: 0,
      majorFaults: 0,
    };
  });
  const percentiles = {
    p50Ns: scaleMs * 1e6,
    p90Ns: scaleMs * 2e6,
    p99Ns: scaleMs * 5e6,
    p999Ns: scaleMs * 20e6,
    p9999Ns: scaleMs * 50e6,
    maxNs: scaleMs * 100e6,
    records: spec.ratePerSecond * 56,
  };
  const id = runId(spec);
  return {
    directory: `results/fixture/${id}`,
    id,
    scheduler: [],
    spec,
    provenance: {
      commit: '0123456789abcdef',
      dirty: false,
      code: '0123456789abcdef',
      startedAt: '2026-01-01T00:00:00.000Z',
      node: 'v24.21.0',
      kernel: 'Linux 6.1.0',
      cpu: 'Example CPU 9000',
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
    },
    summary: {
      valid,
      offeredRecords: spec.ratePerSecond * spec.durationS,
      sentRecords: spec.ratePerSecond * spec.durationS,
      completedRecords: spec.ratePerSecond * spec.durationS,
      loadedRecords: spec.workload.domain,
      loadS: 1,
      digest: { records: 1, sum: '0123456789abcdef' },
      stolenShare: options.stolenShare ?? 0,
      rssPeakBytes: 1e9,
      minorFaults: 0,
      majorFaults: 0,
      steady: percentiles,
      total: percentiles,
      clampedRecords: 0,
      migrations: spec.migrations.map(({ atS }, migration) => ({
        migration,
        startS: atS,
        endS: atS + migrationS,
        durationMs: migrationS * 1000,
        recoveredS: atS + migrationS + 0.3,
        recoveryMs: (migrationS + 0.3) * 1000,
        maxNs: spikeMs * 1e6,
        steps: stepCount,
        bins: 1024,
        bytes: stateBytes / 4,
        maxStepMs: (migrationS * 1000) / stepCount,
      })),
    },
    timeline,
    ccdf,
    migrations,
    memory,
  };
}

/** The run with short epochs around its migrations, each like the long one that it is a part of. */
export function withMigrationTimeline(run: Run): Run {
  const migrationTimeline = run.timeline.flatMap((row) =>
    Array.from({ length: 25 }, (_, part) => ({
      ...row,
      epoch: row.epoch * 25 + part,
      startS: (row.epoch * 25 + part) / 100,
      records: row.records / 25,
    })),
  );
  const near = (startS: number): boolean =>
    run.summary.migrations.some((migration) => startS >= migration.startS - 0.25 && startS < migration.endS + 0.55);
  return { ...run, migrationTimeline: migrationTimeline.filter(({ startS }) => near(startS)) };
}
