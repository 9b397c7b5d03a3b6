/**
 * The control stream: timestamped updates (time, bin, worker) of the configuration, as data (paper section 3.3).
 *
 * Worker 0 sends the updates, every worker's routers receive all of them. A router cannot route a record before the
 * control frontier has passed the record's time; the source therefore keeps its frontier a lookahead beyond the present,
 * and updates carry times at or after that frontier: records never wait for a control stream that has nothing to say. The
 * frontier rises when less than half of the lookahead is left, and only when worker 0 runs anyway: where nothing happens,
 * no cell rises. (The first record after a pause wakes worker 0, which then raises it.) Between processes that takes a lookahead
 * of more than twice a round trip: what a raise causes elsewhere comes back, and makes worker 0 run.
 */
import { source, type SourceLogic } from '../dataflow/operators/source.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import { Schema } from '../dataflow/schema.ts';
import type { Scope } from '../dataflow/scope.ts';
import type { Stream } from '../dataflow/stream.ts';
import { EngineError } from '../progress/engine-error.ts';
import { CLOSED, FIRST_REHEARSAL, FIRST_TICK, MAX_TIMESTAMP, type Timestamp } from '../progress/timestamp.ts';
import { checkBinShift } from './binning.ts';
import type { Handoff } from './state-channel.ts';

/** Columns of the control stream: from the batch's time on, `bin` belongs to `worker`. */
export const controlSchema = new Schema({ bin: 'int32', worker: 'int32' });

/** Columns of the control stream. */
export type ControlColumns = (typeof controlSchema)['columns'];

/** Decides what the control stream says; runs on worker 0 only. */
export interface ControlDriver {
  /** Whether migrations are rehearsed before the clock starts; once false, it stays so. */
  readonly rehearsing?: boolean;
  /**
   * Runs at every step of worker 0. May send updates at `earliest` or later. Returns when it has to run again at the
   * latest: MAX_TIMESTAMP when it waits for others only, CLOSED when it has said everything, which closes the stream.
   */
  step(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): Timestamp;
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
  /** How bins change hands between threads. */
  readonly handoff: Handoff;
}

/** How a control stream is made. */
export interface ControlOptions {
  /** There are 2^binShift bins, 1..20. */
  readonly binShift: number;
  /** Owner of every bin at the start; length 2^binShift. */
  readonly initial: Int32Array;
  /** How far the control frontier is kept ahead of the present, in ticks. */
  readonly lookaheadTicks: number;
  /**
   * How bins change hands between threads.
   *
   * @default 'copy'
   */
  readonly handoff?: Handoff;
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
  #bound: Timestamp;
  #due: Timestamp = 0;
  /** Latest time of an update. */
  #latest: Timestamp = 0;

  constructor(output: OutputPort<ControlColumns>, options: ControlOptions, peers: number) {
    this.#output = output;
    this.#driver = options.driver();
    this.#lookahead = options.lookaheadTicks;
    this.#bins = 2 ** options.binShift;
    this.#peers = peers;
    // What is loaded never waits for the control stream.
    this.#bound = this.#driver.rehearsing ? FIRST_REHEARSAL : FIRST_TICK;
  }

  step(now: Timestamp): Timestamp {
    this.#due = this.#driver.step(now, this.#bound, this);
    if (this.#due === CLOSED) {
      this.#bound = CLOSED;
      return CLOSED;
    }
    // Updates at the frontier take effect once it has passed them.
    if (this.#latest === this.#bound) this.#bound += 1;
    if (now >= FIRST_TICK) this.#keepAhead(now);
    else if (!this.#driver.rehearsing) this.#bound = Math.max(this.#bound, FIRST_TICK);
    return this.#bound;
  }

  nextDue(): Timestamp {
    // Updates for later take effect only if the frontier is raised past them in time.
    const raise = this.#latest >= this.#bound ? this.#bound - (this.#lookahead >>> 1) : CLOSED;
    return Math.min(raise, this.#due === MAX_TIMESTAMP ? CLOSED : this.#due);
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
    this.#latest = Math.max(this.#latest, time);
  }

  #keepAhead(now: Timestamp): void {
    if (this.#bound - now >= this.#lookahead / 2) return;
    this.#bound = Math.max(this.#bound, Math.min(now + this.#lookahead, MAX_TIMESTAMP));
  }
}

/**
 * Adds the control stream to a dataflow.
 *
 * @throws {ControlError} when the initial configuration does not have an existing worker for every bin.
 */
export function controlStream(scope: Scope, options: ControlOptions): ControlStream {
  checkBinShift(options.binShift);
  const { initial, binShift, handoff = 'copy' } = options;
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
  return { stream, binShift, initial, handoff };
}
