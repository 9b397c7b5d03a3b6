/** What goes on as text for Prometheus, in the format OpenMetrics 1.0. */
import type { RunView, SweepView } from './sweep-view.ts';

/** The content type of the text. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

/** A sample: what its name ends in, its labels, its value. */
type Sample = readonly [suffix: string, labels: Labels, value: number];

/** A metric of a run. */
interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary' | 'stateset';
  readonly unit?: string;
  readonly help: string;
  /** None while it is not known. */
  readonly samples: (run: RunView) => readonly Sample[];
}

const PHASES = ['join', 'load', 'run', 'verify', 'write'] as const;

const NS_PER_S = 1e9;

const FAMILIES: readonly Family[] = [
  {
    name: 'megaphone_frontier_latency_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Frontier latency of the records of the last second that is complete, by quantile; 1 is the maximum.',
    samples: ({ last }) =>
      last === undefined || last.lastSecond.records === 0
        ? []
        : (
            [
              ['0.5', last.lastSecond.p50Ns],
              ['0.99', last.lastSecond.p99Ns],
              ['1', last.lastSecond.maxNs],
            ] as const
          ).map(([quantile, ns]) => ['', { quantile }, ns / NS_PER_S]),
  },
  counter(
    'megaphone_offered_records',
    'Records that were due since the start of the clock.',
    (last) => last.offeredRecords,
  ),
  counter('megaphone_sent_records', 'Records that were sent since the start of the clock.', (last) => last.sentRecords),
  counter(
    'megaphone_completed_records',
    'Records that the output frontier has passed since the start of the clock.',
    (last) => last.completedRecords,
  ),
  counter('megaphone_migration_steps', 'Migration steps that are complete.', (last) => last.stepsDone),
  {
    name: 'megaphone_planned_migration_steps',
    type: 'gauge',
    help: 'Steps of all migrations of the run.',
    samples: ({ last }) => (last === undefined ? [] : [['', {}, last.stepsTotal]]),
  },
  {
    name: 'megaphone_behind_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the oldest record has waited that is due and not complete.',
    samples: ({ last }) => (last === undefined ? [] : [['', {}, last.behindS]]),
  },
  {
    name: 'megaphone_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident set of the processes of the run.',
    samples: ({ last }) => (last === undefined ? [] : [['', {}, last.rssBytes]]),
  },
  {
    name: 'megaphone_elapsed_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the present phase of the run has lasted.',
    samples: ({ progress }) => (progress === undefined ? [] : [['', {}, progress.elapsedS]]),
  },
  {
    name: 'megaphone_phase',
    type: 'stateset',
    help: 'What the run does at present.',
    samples: ({ progress }) =>
      progress === undefined
        ? []
        : PHASES.map((phase) => ['', { megaphone_phase: phase }, phase === progress.phase ? 1 : 0]),
  },
];

function counter(name: string, help: string, value: (last: NonNullable<RunView['last']>) => number): Family {
  return {
    name,
    type: 'counter',
    help,
    samples: ({ last }) => (last === undefined ? [] : [['_total', {}, value(last)]]),
  };
}

/** The runs that go on at present. Counters begin at zero with each run, which its labels tell apart. */
export function openMetrics(sweeps: readonly SweepView[]): string {
  const running = sweeps.flatMap(({ sweep: { experiment }, over, run }) =>
    over === undefined && run?.status === 'running'
      ? [{ run, labels: { experiment, run: run.head.id, label: run.head.label } }]
      : [],
  );
  const lines: string[] = [];
  for (const { name, type, unit, help, samples } of FAMILIES) {
    lines.push(`# TYPE ${name} ${type}`);
    if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`);
    lines.push(`# HELP ${name} ${help}`);
    for (const { run, labels } of running) {
      for (const [suffix, own, value] of samples(run)) {
        lines.push(`${name}${suffix}${labelText({ ...labels, ...own })} ${value}`);
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function labelText(labels: Labels): string {
  const escaped = (value: string): string =>
    value
      .replaceAll('\\', '\\\\')
      .replaceAll('"', String.raw`\"`)
      .replaceAll('\n', String.raw`\n`);
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}
