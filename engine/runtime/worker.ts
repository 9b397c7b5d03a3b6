/** A worker: a step function over its operators. Threads drive it in production, a seeded scheduler in tests. */
import type { Clock, Scope } from '../dataflow/scope.ts';
import { EngineError } from '../progress/engine-error.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';

/** An error inside an operator: names the worker and the operator, and keeps the stack of the cause. */
export class WorkerError extends EngineError {
  override readonly name = 'WorkerError';
  /** Index of the worker. */
  readonly worker: number;
  /** Name of the operator; null outside operators. */
  readonly operator: string | null;

  /** Wraps `cause`. */
  constructor(worker: number, operator: string | null, cause: unknown) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`worker ${worker}${operator === null ? '' : `, operator ${operator}`}: ${text}`, { cause });
    this.worker = worker;
    this.operator = operator;
    if (cause instanceof Error && cause.stack !== undefined) {
      this.stack = `${this.name}: ${this.message}\n${cause.stack.slice(cause.stack.indexOf('\n') + 1)}`;
    }
  }
}

/** A clock that is read once per step, so that all operators of a step see the same present. */
export interface StepClock extends Clock {
  /** Reads the time. */
  refresh(): void;
}

/** One worker of a started dataflow. */
export class Worker {
  readonly #scope: Scope;
  readonly #clock: StepClock;

  /** Drives the operators of a started scope. */
  constructor(scope: Scope, clock: StepClock) {
    this.#scope = scope;
    this.#clock = clock;
  }

  /**
   * Runs every operator once, in topological order. Returns whether anything happened.
   *
   * @throws {WorkerError} when an operator throws.
   */
  step(): boolean {
    this.#clock.refresh();
    const operators = this.#scope.operators;
    let active = false;
    let i = 0;
    try {
      for (; i < operators.length; i++) {
        if (operators[i]!.step()) active = true;
      }
    } catch (error) {
      throw new WorkerError(this.#scope.worker, operators[i]!.name, error);
    }
    return active;
  }

  /**
   * Whether every output of every worker is closed, and this worker's operators have seen the end of their inputs: nothing
   * can happen any more. The inputs count on their own, since the last operator of a graph need not have an output.
   */
  get done(): boolean {
    const { operators, outputs, cells } = this.#scope;
    for (let i = outputs.length - 1; i >= 0; i--) {
      if (outputs[i]!.frontier !== CLOSED) return false;
    }
    for (const operator of operators) {
      for (const input of operator.inputs) if (!input.closed) return false;
    }
    for (let i = outputs.length - 1; i >= 0; i--) {
      if (cells.minimum(i) !== CLOSED) return false;
    }
    return true;
  }

  /** The next time at which an operator wants to run although nothing arrives; CLOSED when there is none. */
  nextDue(): Timestamp {
    let due: Timestamp = CLOSED;
    for (const operator of this.#scope.operators) due = Math.min(due, operator.nextDue());
    return due;
  }

  /** Whether something is here that waits for a frontier, or for room in a channel. */
  waiting(): boolean {
    return this.#scope.operators.some((operator) => operator.waiting());
  }
}
