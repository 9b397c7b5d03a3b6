/** Source: records from outside, on one or several outputs that share their progress. */
import { CLOSED, type Timestamp } from '../../progress/timestamp.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes, Schema } from '../schema.ts';
import type { Scope } from '../scope.ts';
import { Stream } from '../stream.ts';

/** Where the records of a source come from. */
export interface SourceLogic {
  /**
   * Sends what is due at `now` and returns the lower bound of the times that it will send later: the time of the next
   * record, or CLOSED after the last one. Must bound the work of one call. `paused` says that too much is in flight: send
   * nothing then.
   */
  step(now: Timestamp, paused: boolean): Timestamp;
  /** The time at which `step` has to be called again at the latest, where that is not the last returned bound. */
  nextDue?(): Timestamp;
}

/** The outputs of schemas, in the same order. */
export type OutputsOf<S extends readonly Schema[]> = {
  [K in keyof S]: S[K] extends Schema<infer C> ? OutputPort<C> : never;
};

/** The streams of schemas, in the same order. */
export type StreamsOf<S extends readonly Schema[]> = {
  [K in keyof S]: S[K] extends Schema<infer C> ? Stream<C> : never;
};

/**
 * Steps that raised a source's bound and may be in flight: what they sent has not left the dataflow. A source pauses
 * beyond that, and makes up for it with fuller batches afterwards. It bounds the memory of everything that waits between
 * operators, however long a stall lasts.
 */
const WINDOW_STEPS = 16;

class SourceOperator<S extends readonly Schema[]> extends Operator {
  readonly #logic: SourceLogic;
  #bound: Timestamp = 0;
  /** The bounds before the last WINDOW_STEPS steps that raised the bound; a ring. */
  readonly #window = new Int32Array(WINDOW_STEPS);
  #steps = 0;
  /** Everything before it had left the dataflow when that was last asked: it only ever grows, so a look can wait. */
  #completed: Timestamp = 0;
  #paused = false;

  constructor(scope: Scope, name: string, schemas: S, build: (outputs: OutputsOf<S>) => SourceLogic) {
    super(scope, name);
    const outputs = schemas.map((schema) => this.addOutput(schema));
    this.#logic = build(outputs as unknown as OutputsOf<S>);
  }

  override nextDue(): Timestamp {
    // What a paused source waits for is published by the worker that completes it, which wakes this one.
    if (this.#bound === CLOSED || this.#paused) return CLOSED;
    return this.#logic.nextDue?.() ?? this.#bound;
  }

  override waiting(): boolean {
    return this.#paused || super.waiting();
  }

  protected override ready(): boolean {
    return this.#bound !== CLOSED;
  }

  protected override run(): boolean {
    if (this.#bound === CLOSED) return false;
    const from = this.#bound;
    const slot = this.#steps % WINDOW_STEPS;
    this.#paused = this.#steps >= WINDOW_STEPS && !this.#hasLeft(this.#window[slot]!);
    this.#bound = this.#logic.step(this.scope.clock.now(), this.#paused);
    if (this.#bound !== from && !this.#paused) {
      this.#window[slot] = from;
      this.#steps += 1;
    }
    return false;
  }

  protected override frontierOf(): Timestamp {
    return this.#bound;
  }

  /** Whether everything at `time` has left the dataflow. */
  #hasLeft(time: Timestamp): boolean {
    if (this.#completed <= time) this.#completed = this.scope.completed();
    return this.#completed > time;
  }
}

/** A source with one output on every worker; `build` makes its logic. */
export function source<C extends ColumnTypes>(
  scope: Scope,
  name: string,
  schema: Schema<C>,
  build: (output: OutputPort<C>) => SourceLogic,
): Stream<C> {
  return sources(scope, name, [schema] as const, ([output]) => build(output))[0];
}

/** A source with an output per schema; all outputs have the frontier that the logic returns. */
export function sources<S extends readonly Schema[]>(
  scope: Scope,
  name: string,
  schemas: S,
  build: (outputs: OutputsOf<S>) => SourceLogic,
): StreamsOf<S> {
  const operator = new SourceOperator(scope, name, schemas, build);
  return operator.outputs.map((output) => new Stream(scope, output)) as unknown as StreamsOf<S>;
}
