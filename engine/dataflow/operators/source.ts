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
   * record, or CLOSED after the last one. Must bound the work of one call. `paused` says that too much is under way: send
   * nothing then.
   */
  step(now: Timestamp, paused: boolean): Timestamp;
  /** The tick at which `step` has to be called again at the latest, where that is not the last returned bound. */
  nextDue?(): Timestamp;
}

/**
 * Steps of a source that may be under way, that is, have sent something which has not left the dataflow. A source pauses
 * beyond that, and makes up for it with fuller batches afterwards. It bounds the memory of everything that waits between
 * operators, however long a stall lasts.
 */
const WINDOW_STEPS = 32;

class SourceOperator extends Operator {
  /** Set by the function that built the operator, once its outputs exist. */
  logic: SourceLogic | null = null;
  #bound: Timestamp = 0;
  /** Times at which the last WINDOW_STEPS steps that sent something began to send; a ring. */
  readonly #window = new Int32Array(WINDOW_STEPS);
  #steps = 0;

  constructor(scope: Scope, name: string) {
    super(scope, name);
  }

  output<C extends ColumnTypes>(schema: Schema<C>): OutputPort<C> {
    return this.addOutput(schema);
  }

  protected override ready(): boolean {
    return this.#bound !== CLOSED;
  }

  override nextDue(): Timestamp {
    if (this.#bound === CLOSED) return CLOSED;
    return this.logic!.nextDue?.() ?? this.#bound;
  }

  protected override run(): boolean {
    if (this.#bound === CLOSED) return false;
    const from = this.#bound;
    const slot = this.#steps % WINDOW_STEPS;
    const paused = this.#steps >= WINDOW_STEPS && this.scope.completed() <= this.#window[slot]!;
    this.#bound = this.logic!.step(this.scope.clock.now(), paused);
    if (this.#bound !== from && !paused) {
      this.#window[slot] = from;
      this.#steps += 1;
    }
    return false;
  }

  protected override frontierOf(): Timestamp {
    return this.#bound;
  }
}

/** A source with one output on every worker; `build` makes its logic. */
export function source<C extends ColumnTypes>(
  scope: Scope,
  name: string,
  schema: Schema<C>,
  build: (output: OutputPort<C>) => SourceLogic,
): Stream<C> {
  const operator = new SourceOperator(scope, name);
  const output = operator.output(schema);
  operator.logic = build(output);
  return new Stream(scope, output);
}

/** The outputs of schemas, in the same order. */
export type OutputsOf<S extends readonly Schema[]> = {
  [K in keyof S]: S[K] extends Schema<infer C> ? OutputPort<C> : never;
};

/** The streams of schemas, in the same order. */
export type StreamsOf<S extends readonly Schema[]> = {
  [K in keyof S]: S[K] extends Schema<infer C> ? Stream<C> : never;
};

/** A source with an output per schema; all outputs have the frontier that the logic returns. */
export function sources<S extends readonly Schema[]>(
  scope: Scope,
  name: string,
  schemas: S,
  build: (outputs: OutputsOf<S>) => SourceLogic,
): StreamsOf<S> {
  const operator = new SourceOperator(scope, name);
  const outputs = schemas.map((schema) => operator.output(schema));
  operator.logic = build(outputs as unknown as OutputsOf<S>);
  return outputs.map((output) => new Stream(scope, output)) as unknown as StreamsOf<S>;
}
