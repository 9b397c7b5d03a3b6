/** A look at the frontiers of a running dataflow. */
import type { FrontierCells } from '../progress/frontier-cells.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';

/** The frontier of one operator output. */
export interface OutputFrontier {
  /** Operator and port, for instance `count.S#3.output[0]`. */
  readonly output: string;
  /** Frontiers by worker; the output's frontier is their minimum. */
  readonly workers: readonly Timestamp[];
}

/** The frontiers of all outputs; `names` by index of the output. Reads the shared cells and disturbs nobody. */
export function readFrontiers(names: readonly string[], cells: FrontierCells): OutputFrontier[] {
  return names.map((output, index) => ({
    output,
    workers: Array.from({ length: cells.peers }, (_, worker) => cells.read(index, worker)),
  }));
}

/** In words, for errors: `words#0.output[0] closed, +120; ...`: ticks since the start barrier, by worker. */
export function describeFrontiers(frontiers: readonly OutputFrontier[]): string {
  const words = (time: Timestamp): string => {
    if (time === CLOSED) return 'closed';
    return time < FIRST_TICK ? `loading ${time}` : `+${time - FIRST_TICK}`;
  };
  return frontiers.map(({ output, workers }) => `${output} ${workers.map(words).join(', ')}`).join('; ');
}
