/** How long runs will take: the schedule is known, the rest is learned from the runs before. */
import { floorSeconds } from '../metrics/floor-seconds.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { workloadOf } from '../config/workload-of.ts';
import type { RunPhase } from './phases.ts';

/** Seconds by phase. */
export type PhaseSeconds = Readonly<Record<RunPhase, number>>;

/** Records loaded per second until a run has shown better. */
const LOADED_PER_SECOND = 25e6;
/** Records that the single-threaded oracle applies per second. */
const VERIFIED_PER_SECOND = 10e6;
/** Starting the process and its threads, before the machine's floor is measured. */
const START_S = 1.5;
/** Writing its files, and closing it. */
const WRITE_S = 0.5;

/** Records that a run loads before its clock starts. */
function loadedRecords({ workload }: RunSpec): number {
  return workloadOf(workload).description.loadedRecords(workload);
}

/** Estimates runs, and learns from those that are over. */
export class RunEstimates {
  #loadedPerSecond = LOADED_PER_SECOND;

  /** Takes in how long a number of records took to load; times too short to tell anything are left out. */
  observeLoad(records: number, seconds: number): void {
    if (records > 0 && seconds > 0.1) this.#loadedPerSecond = records / seconds;
  }

  /** Seconds that each phase of a run will take. */
  phasesOf(spec: RunSpec): PhaseSeconds {
    const loaded = loadedRecords(spec);
    return {
      // How long somebody takes to start the others is not known.
      join: 0,
      load: START_S + floorSeconds(spec.durationS) + loaded / this.#loadedPerSecond,
      run: spec.durationS,
      verify: spec.verify ? (loaded + spec.ratePerSecond * spec.durationS) / VERIFIED_PER_SECOND : 0,
      write: WRITE_S,
    };
  }

  /** Seconds that a whole run will take. */
  secondsOf(spec: RunSpec): number {
    const { load, run, verify, write } = this.phasesOf(spec);
    return load + run + verify + write;
  }
}
