/** Joins what was observed in the processes of a run. */
import type { MemoryRow, ProcessMemoryRow } from '../results/rows.ts';
import type { ClockOffset } from '../results/run-summary.ts';
import type { Observed } from './observation.ts';

/** What was observed in all processes. */
export interface MergedObserved extends Observed {
  /** Memory of each process, where there are several. */
  readonly processMemory?: readonly ProcessMemoryRow[];
  /** How the clocks of the others compare with that of the first. */
  readonly clocks?: readonly ClockOffset[];
}

/** Memory is summed up sample by sample: all processes take theirs at the same times of the common clock. By process, at least one. */
export function mergeObserved(processes: readonly Observed[]): MergedObserved {
  const [first, ...others] = processes;
  if (first === undefined) throw new RangeError('no process was observed; expected at least one');
  if (others.length === 0) return first;
  const samples = Math.min(...processes.map(({ memory }) => memory.length));
  const memory = Array.from({ length: samples }, (_, sample): MemoryRow => {
    const sum = (field: keyof MemoryRow): number =>
      processes.reduce((total, process) => total + process.memory[sample]![field], 0);
    return {
      timeS: first.memory[sample]!.timeS,
      rssBytes: sum('rssBytes'),
      stateBytes: sum('stateBytes'),
      queuedBytes: sum('queuedBytes'),
      minorFaults: sum('minorFaults'),
      majorFaults: sum('majorFaults'),
    };
  });
  return {
    memory,
    processMemory: processes.flatMap((process, index) => process.memory.map((row) => ({ process: index, ...row }))),
    scheduler: processes
      .flatMap(({ scheduler }) => scheduler)
      .toSorted((a, b) => a.epoch - b.epoch || a.worker - b.worker),
    startedAtMs: first.startedAtMs,
    loadS: Math.max(...processes.map(({ loadS }) => loadS)),
    clocks: processes.flatMap(({ clock }, process) =>
      process === 0 || clock === undefined ? [] : [{ process, ...clock }],
    ),
    others: {
      processorMs: processes.reduce((sum, process) => sum + process.others.processorMs, 0),
      slices: processes.reduce((sum, process) => sum + process.others.slices, 0),
    },
  };
}
