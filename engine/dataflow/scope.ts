/**
 * The scope of a dataflow on one worker: collects operators, outputs and channels while the graph is built, checks the
 * graph, and connects it with the transport when the dataflow starts.
 */
import { Probe } from '../progress/probe.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import type { Clock } from './clock.ts';
import { PipelineConsumer } from './consumers.ts';
import type { ChannelSpec, Transport } from './endpoints.ts';
import { GraphError, SchemaError } from './errors.ts';
import { ExchangeInput, type InputPort, PipelineInput } from './input-port.ts';
import type { Operator } from './operator.ts';
import { OutputPort } from './output-port.ts';
import type { Pact } from './pact.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import type { Stream } from './stream.ts';

/** Sizes of batches and rings. */
export interface DataflowSettings {
  /**
   * Records of a batch and of a ring slot, a multiple of 8.
   *
   * @default 4096
   */
  readonly rows: number;
  /**
   * Slots of the ring between two workers, a power of two.
   *
   * @default 8
   */
  readonly slots: number;
}

/** The defaults of `DataflowSettings`. */
export const DEFAULT_SETTINGS: DataflowSettings = { rows: 4096, slots: 8 };

/** Sizes of one channel where they differ from the dataflow's. */
export interface ChannelSize {
  /** Records of a slot, a multiple of 8. */
  readonly rows?: number;
  /** Slots of a ring, a power of two. */
  readonly slots?: number;
}

/** What a transport has to provide for the dataflow; equal on all workers. */
export interface GraphDescription {
  /** Operator outputs, each with a cell per worker. */
  readonly outputs: number;
  /** Channels between workers. */
  readonly channels: readonly ChannelSpec[];
  /** Operators, connections and schemas in words: workers with different texts built different graphs. */
  readonly text: string;
}

interface Connection {
  readonly output: OutputPort;
  readonly input: InputPort;
  readonly pact: Pact<ColumnTypes>;
  readonly channel: ChannelSpec | null;
  readonly rows: number;
}

/** The graph of one worker. */
export class Scope {
  /** Index of this worker. */
  readonly worker: number;
  /** Workers in all. */
  readonly peers: number;
  /** The present in ticks. */
  readonly clock: Clock;
  /** Sizes. */
  readonly settings: DataflowSettings;
  /** Operators in topological order: the order of building. */
  readonly operators: Operator[] = [];
  readonly #outputs: OutputPort[] = [];
  readonly #connections: Connection[] = [];
  readonly #probes: Probe[] = [];
  #channels = 0;
  #transport: Transport | null = null;

  /** An empty graph. */
  constructor(worker: number, peers: number, clock: Clock, settings: Partial<DataflowSettings> = {}) {
    this.worker = worker;
    this.peers = peers;
    this.clock = clock;
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
  }

  /** Frontier cells and channels of the started dataflow; null before. */
  get transport(): Transport | null {
    return this.#transport;
  }

  /**
   * Adds an operator; returns its unique name.
   *
   * @throws {GraphError} when the dataflow was started already.
   */
  register(operator: Operator, name: string): string {
    const unique = `${name}#${this.operators.length}`;
    this.#refuseLate(`operator ${unique}`);
    this.operators.push(operator);
    return unique;
  }

  /** Makes an operator's output. */
  createOutput<C extends ColumnTypes>(where: string, schema: Schema<C>): OutputPort<C> {
    this.#refuseLate(`output ${where}`);
    const port = new OutputPort(this.#outputs.length, this.worker, where, schema, this.settings.rows);
    this.#outputs.push(port);
    return port;
  }

  /** A probe of an output, to be read once the dataflow was started. */
  probe(output: OutputPort<never>): Probe {
    const probe = new Probe(output.index);
    this.#probes.push(probe);
    return probe;
  }

  /**
   * Connects a stream with an operator's input.
   *
   * @throws {GraphError} when the dataflow was started, the input is connected already, or the stream is another's.
   * @throws {SchemaError} when batches of the channel would be smaller than 8 records.
   */
  connect<C extends ColumnTypes>(
    stream: Stream<C>,
    input: InputPort<C>,
    pact: Pact<C> = null,
    size: ChannelSize = {},
  ): void {
    const name = `${stream.output.where} -> ${input.where}`;
    this.#refuseLate(`channel ${name}`);
    if (input.connected) throw new GraphError(`${input.where}: connected already; expected one stream per input`);
    if (stream.scope !== this) throw new GraphError(`channel ${name}: the stream belongs to another dataflow`);
    const rows = size.rows ?? this.settings.rows;
    if (rows % 8 !== 0 || rows < 8) throw new SchemaError(`channel ${name}: ${rows} rows; expected a multiple of 8`);
    const slots = size.slots ?? this.settings.slots;
    if (slots < 2 || (slots & (slots - 1)) !== 0) {
      throw new GraphError(`channel ${name}: ${slots} slots; expected a power of two from 2 on`);
    }
    const channel = pact === null ? null : { id: this.#channels++, name, schema: stream.schema, rows, slots };
    input.schema = stream.schema;
    this.#connections.push({
      output: stream.output,
      input: input,
      pact: pact,
      channel: channel,
      rows,
    });
  }

  /**
   * What the transport has to provide.
   *
   * @throws {GraphError} when an input is not connected.
   */
  describe(): GraphDescription {
    for (const operator of this.operators) {
      for (const input of operator.inputs) {
        if (!input.connected)
          throw new GraphError(`${input.where} is not connected; connect a stream before the start`);
      }
    }
    const channels = this.#connections.flatMap((c) => (c.channel === null ? [] : [c.channel]));
    const text = [
      ...this.operators.map((operator) => {
        const outputs = operator.outputs.map((output) => output.schema.toString());
        return [operator.name, ...outputs].join(' ');
      }),
      ...this.#connections.map((c) => {
        const kind = c.channel === null ? 'pipeline' : `exchange, ${c.channel.rows} rows, ${c.channel.slots} slots`;
        return `${c.output.where} -> ${c.input.where} ${c.output.schema.toString()} ${kind}`;
      }),
    ].join('\n');
    return { outputs: this.#outputs.length, channels, text };
  }

  /** Connects the graph with the transport; from then on it cannot change. */
  start(transport: Transport): void {
    this.#refuseLate('second start');
    for (const { output, input, pact, channel, rows } of this.#connections) {
      if (pact === null || channel === null) {
        const pipeline = new PipelineInput(transport.cells, output.index, this.worker);
        input.bind(pipeline, output.rows);
        output.consumers.push(new PipelineConsumer(pipeline.queue, output.schema, output.rows));
      } else {
        const workers = Array.from({ length: this.peers }, (_, worker) => worker);
        const receivers = workers.map((from) => transport.receiver(channel, from));
        input.bind(new ExchangeInput(transport.cells, output.index, receivers), rows);
        const senders = workers.map((to) => transport.sender(channel, to));
        output.consumers.push(pact.consumer(channel, senders, this.settings.rows));
      }
    }
    for (const output of this.#outputs) output.bind(transport.cells);
    for (const probe of this.#probes) probe.bind(transport.cells);
    this.#transport = transport;
    for (const operator of this.operators) operator.start();
  }

  /** Everything before this time has left the dataflow: the minimum of the cells of all outputs of all workers. */
  completed(): Timestamp {
    const cells = this.#transport!.cells;
    let frontier: Timestamp = CLOSED;
    for (let i = 0; i < this.#outputs.length; i++) frontier = Math.min(frontier, cells.minimum(i));
    return frontier;
  }

  /** Bytes that wait in this worker's send queues, state included. */
  queuedBytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.#outputs.length; i++) bytes += this.#outputs[i]!.queuedBytes();
    return bytes;
  }

  /** All outputs of this worker's operators. */
  get outputs(): readonly OutputPort[] {
    return this.#outputs;
  }

  #refuseLate(what: string): void {
    if (this.#transport !== null) {
      throw new GraphError(`${what}: the dataflow was started already; build the whole graph before the start`);
    }
  }
}
