/** A probe observes the frontier of one operator output over all workers. */
import { EngineError } from './engine-error.ts';
import type { FrontierCells } from './frontier-cells.ts';
import { CLOSED, type Timestamp } from './timestamp.ts';

/** The frontier of an output, from any worker of the dataflow. */
export class Probe {
  #cells: FrontierCells | null = null;
  /** Index of the observed output. */
  readonly output: number;

  /** Observes `output`; usable after `bind`. */
  constructor(output: number) {
    this.output = output;
  }

  /** Connects the probe with the cells of a started dataflow. */
  bind(cells: FrontierCells): void {
    this.#cells = cells;
  }

  /**
   * The lower bound of the times that any worker may still send from the output; CLOSED when there are none.
   *
   * @throws {EngineError} before the dataflow was started.
   */
  frontier(): Timestamp {
    if (this.#cells === null) {
      throw new EngineError(`probe of output ${this.output}: read before the dataflow was started`);
    }
    return this.#cells.minimum(this.output);
  }

  /** Whether records before `time` may still come. */
  lessThan(time: Timestamp): boolean {
    return this.frontier() < time;
  }

  /** Whether records at or before `time` may still come. */
  lessEqual(time: Timestamp): boolean {
    return this.frontier() <= time;
  }

  /** Whether nothing can come any more. */
  closed(): boolean {
    return this.frontier() === CLOSED;
  }
}
