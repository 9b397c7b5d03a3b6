/**
 * The control stream: timestamped updates (time, bin, worker) of the configuration, as data (paper section 3.3).
 *
 * Worker 0 sends the updates, every worker's routers receive all of them. A router cannot route a record before the
 * control frontier has passed the record's time; the source therefore keeps its frontier a lookahead beyond the present,
 * and updates carry times at or after that frontier: records never wait for a control stream that has nothing to say.
 */
import type { Stream } from '../dataflow/stream.ts';
import { Schema } from '../dataflow/schema.ts';
import type { Scope } from '../dataflow/scope.ts';
import { source, type SourceLogic } from '../dataflow/operators/source.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import { EngineError } from '../progress/engine-error.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { checkBinShift } from './hash.ts';

/** Columns of the control stream: from the batch's time on, `bin` belongs to `worker`. */
export const controlSchema = new Schema({ bin: 'int32', worker: 'int32' });

/** Columns of the control stream. */
export type ControlColumns = (typeof controlSchema)['columns'];

/** Decides what the control stream says; runs on worker 0 only. */
export interface ControlDriver {
  /**
   * Runs at every step of worker 0. May send updates at `earliest` or later. Returns whether it has said everything:
   * the control stream closes then.
   */
  step(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): boolean;
}

/** Takes the updates of a driver. */
export interface ControlUpdates {
  /**
   * From `time` on, `bin` belongs to `worker`.
   *
   * @throws {CapabilityError} when `time` lies before the control frontier.
   * @throws {ControlError} when there is no such bin or worker.
   */
  move(time: Timestamp, bin: number, worker: number): void;
}

/** An update or an initial configuration that names a bin or a worker which does not exist. */
export class ControlError extends EngineError {
  override readonly name = 'ControlError';
}

/** The control stream of a dataflow with its initial configuration. */
export interface ControlStream {
  /** The updates; operators that share the stream migrate together. */
  readonly stream: Stream<ControlColumns>;
  /** There are 2^binShift bins. */
  readonly binShift: number;
  /** Owner of every bin before the first update; length 2^binShift. */
  readonly initial: Int32Array;
}

/** How a control stream is made. */
export interface ControlOptions {
  /** There are 2^binShift bins, 1..20. */
  readonly binShift: number;
  /** Owner of every bin at the start; length 2^binShift. */
  readonly initial: Int32Array;
  /** How far the control frontier is kept ahead of the present, in ticks. */
  readonly lookaheadTicks: number;
  /** Makes the driver, on worker 0 only. */
  readonly driver: () => ControlDriver;
}

/** The part of worker 0. */
class ControlSource implements SourceLogic, ControlUpdates {
  readonly #output: OutputPort<ControlColumns>;
  readonly #driver: ControlDriver;
  readonly #lookahead: number;
  readonly #bins: number;
  readonly #peers: number;
  /** Records that are loaded before the clock starts never wait. */
  #bound: Timestamp = FIRST_TICK;

  constructor(output: OutputPort<ControlColumns>, options: ControlOptions, peers: number) {
    this.#output = output;
    this.#driver = options.driver();
    this.#lookahead = options.lookaheadTicks;
    this.#bins = 2 ** options.binShift;
    this.#peers = peers;
  }

  step(now: Timestamp): Timestamp {
    const done = this.#driver.step(now, this.#bound, this);
    this.#bound = done ? CLOSED : Math.max(this.#bound, Math.min(now + this.#lookahead, CLOSED - 1));
    return this.#bound;
  }

  nextDue(): Timestamp {
    // Waking up when half of the lookahead is left keeps records from waiting.
    return this.#bound - (this.#lookahead >>> 1);
  }

  move(time: Timestamp, bin: number, worker: number): void {
    if (!(Number.isInteger(bin) && bin >= 0 && bin < this.#bins)) {
      throw new ControlError(`control update at ${time}: bin ${bin}; expected 0..${this.#bins - 1}`);
    }
    if (!(Number.isInteger(worker) && worker >= 0 && worker < this.#peers)) {
      throw new ControlError(`control update at ${time}: worker ${worker}; expected 0..${this.#peers - 1}`);
    }
    const row = this.#output.at(time).append();
    this.#output.columns.bin[row] = bin;
    this.#output.columns.worker[row] = worker;
  }
}

/**
 * Adds the control stream to a dataflow.
 *
 * @throws {ControlError} when the initial configuration does not have an existing worker for every bin.
 */
export function controlStream(scope: Scope, options: ControlOptions): ControlStream {
  checkBinShift(options.binShift);
  const { initial, binShift } = options;
  if (initial.length !== 2 ** binShift) {
    throw new ControlError(`initial configuration: ${initial.length} bins; expected ${2 ** binShift}`);
  }
  initial.forEach((worker, bin) => {
    if (worker < 0 || worker >= scope.peers) {
      throw new ControlError(`initial configuration: bin ${bin} on worker ${worker}; expected 0..${scope.peers - 1}`);
    }
  });
  const stream = source(scope, 'control', controlSchema, (output): SourceLogic => {
    if (scope.worker === 0) return new ControlSource(output, options, scope.peers);
    return { step: () => CLOSED };
  });
  return { stream, binShift, initial };
}
