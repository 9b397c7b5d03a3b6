/**
 * The base of all operators: when one runs, and what its output frontiers are.
 */
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { ArrivalsPort, type InputOrigin, type InputPort, OrderedPort } from './input-port.ts';
import type { OutputPort } from './output-port.ts';
import { type Pact, pipeline } from './pact.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import type { ChannelSize, Scope } from './scope.ts';
import type { Stream } from './stream.ts';

/**
 * One operator on one worker.
 *
 * The law of frontiers: the frontier of an output is the minimum of the frontiers of the inputs that can cause output
 * there (`frontierOf`), of the capabilities held at it, and of the times that wait for room in its channels.
 */
export abstract class Operator {
  /** Name and index, for instance `count#3`. */
  readonly name: string;
  /** The dataflow that the operator belongs to. */
  protected readonly scope: Scope;
  readonly #inputs: InputPort[] = [];
  readonly #outputs: OutputPort[] = [];

  /**
   * Adds the operator to its dataflow.
   *
   * @throws {GraphError} when the dataflow was started already.
   */
  protected constructor(scope: Scope, name: string) {
    this.scope = scope;
    this.name = scope.register(this, name);
  }

  /** The inputs in order. */
  get inputs(): readonly InputPort[] {
    return this.#inputs;
  }

  /** The outputs in order. */
  get outputs(): readonly OutputPort[] {
    return this.#outputs;
  }

  /** Runs once when the dataflow starts, after all channels were connected. */
  start(): void {}

  /** Runs the operator if there is something to do. Returns whether anything happened. */
  step(): boolean {
    const inputs = this.#inputs;
    const outputs = this.#outputs;
    let active = false;
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]!.poll()) active = true;
    }
    for (let i = 0; i < outputs.length; i++) {
      if (outputs[i]!.retry()) active = true;
    }
    if (!active && !this.ready()) return false;
    if (this.run()) active = true;
    for (let i = 0; i < inputs.length; i++) inputs[i]!.finish();
    // Data first, cells second: whoever sees the raised cell finds the data.
    for (let i = 0; i < outputs.length; i++) {
      if (outputs[i]!.flush()) active = true;
    }
    for (let i = 0; i < outputs.length; i++) {
      if (outputs[i]!.advance(this.frontierOf(i))) active = true;
    }
    return active;
  }

  /** The next tick at which the operator wants to run although nothing arrives; CLOSED when there is none. */
  nextDue(): Timestamp {
    return CLOSED;
  }

  /** Whether something is here that waits for a frontier, or for room in a channel. */
  waiting(): boolean {
    return this.#inputs.some((input) => input.waiting()) || this.#outputs.some((output) => output.queuedBytes() > 0);
  }

  /** Whether the operator wants to run although nothing arrived. */
  protected ready(): boolean {
    return false;
  }

  /** The operator's logic. Returns whether it did something of its own accord. */
  protected abstract run(): boolean;

  /** Lower bound of the times that the inputs can still cause at output `i`; by default the minimum over all inputs. */
  protected frontierOf(_output: number): Timestamp {
    let frontier: Timestamp = CLOSED;
    for (let i = 0; i < this.#inputs.length; i++) frontier = Math.min(frontier, this.#inputs[i]!.frontier);
    return frontier;
  }

  /**
   * Declares the next input, whose arrivals are all handled by each run.
   *
   * @throws {GraphError} when the stream is another dataflow's.
   */
  protected addInput<C extends ColumnTypes>(
    stream: Stream<C>,
    pact: Pact<C> = pipeline,
    size: ChannelSize = {},
  ): ArrivalsPort<C> {
    return this.#connect(stream, pact, size, (origin) => new ArrivalsPort(origin));
  }

  /** Declares the next input, which hands out its batches in the order of time. Every sender must ascend in time. */
  protected addOrderedInput<C extends ColumnTypes>(stream: Stream<C>, pact: Pact<C> = pipeline): OrderedPort<C> {
    return this.#connect(stream, pact, {}, (origin, rows) => new OrderedPort(origin, rows));
  }

  /** Declares the next output. */
  protected addOutput<C extends ColumnTypes>(schema: Schema<C>): OutputPort<C> {
    const port = this.scope.createOutput(`${this.name}.output[${this.#outputs.length}]`, schema);
    this.#outputs.push(port);
    return port;
  }

  #connect<C extends ColumnTypes, P extends InputPort<C>>(
    stream: Stream<C>,
    pact: Pact<C>,
    size: ChannelSize,
    make: (origin: InputOrigin<C>, rows: number) => P,
  ): P {
    const where = `${this.name}.input[${this.#inputs.length}]`;
    const port = this.scope.connect(stream, where, pact, size, make);
    this.#inputs.push(port);
    return port;
  }
}
