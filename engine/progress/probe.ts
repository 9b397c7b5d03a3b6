/** A probe observes the frontier of one operator output over all workers. */
import { EngineError } from './engine-error.ts';
import type { FrontierCells } from './frontier-cells.ts';
import { CLOSED, type Timestamp } from './timestamp.ts';

const UNATTACHED = -1;

/**
 * A handle that can be made, and handed to whoever looks at it later, before the stream exists that it observes. Any
 * worker's probe tells the frontier of all workers.
 */
export class Probe {
  readonly #cells: FrontierCells;
  #output = UNATTACHED;

  /** A handle without an output (see `Scope.probe`). */
  constructor(cells: FrontierCells) {
    this.#cells = cells;
  }

  /**
   * Observes the output with this index from now on.
   *
   * @throws {EngineError} when the probe observes another one already.
   */
  attach(output: number): void {
    if (this.#output !== UNATTACHED) throw new EngineError(`probe of output ${this.#output}: attached twice`);
    this.#output = output;
  }

  /**
   * The lower bound of the times that any worker may still send from the output; CLOSED when there are none.
   *
   * @throws {EngineError} before the probe was attached.
   */
  frontier(): Timestamp {
    if (this.#output === UNATTACHED) throw new EngineError('probe: read before it was attached to a stream');
    return this.#cells.minimum(this.#output);
  }

  /** Whether records before `time` may still come. */
  lessThan(time: Timestamp): boolean {
    return this.frontier() < time;
  }

  /** Whether nothing can come any more. */
  closed(): boolean {
    return this.frontier() === CLOSED;
  }
}
