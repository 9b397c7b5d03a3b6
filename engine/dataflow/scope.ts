/**
 * The scope of a dataflow on one worker: collects operators, outputs and channels while the graph is built, checks the
 * graph, and connects it with the transport when the dataflow starts.
 */
import { FrontierCells, MAX_OUTPUTS } from '../progress/frontier-cells.ts';
import { Probe } from '../progress/probe.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { GraphError, SchemaError } from './errors.ts';
import { allocateHeap, Extents } from './extents.ts';
import type { InputOrigin, InputPort } from './input-port.ts';
import type { Operator } from './operator.ts';
import { OutputPort } from './output-port.ts';
import type { ExchangePact, Pact } from './pact.ts';
import { PipelineLane } from './pipeline-lane.ts';
import { PipelinePusher } from './pushers.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import type { Stream } from './stream.ts';
import type { ChannelSpec, Transport } from './transport.ts';

/** Tells the present in ticks; injected, so that a simulation can use virtual time. */
export interface Clock {
  /** 0 while loading, then the timestamp of the ticks that have passed since the start barrier. */
  now(): Timestamp;
}

/** Sizes of batches and rings. */
export interface DataflowSettings {
  /**
   * Records of a batch and of a ring slot, a multiple of 8.
   *
   * @default 1024
   */
  readonly rows: number;
  /**
   * Slots of the ring between two workers, a power of two.
   *
   * @default 32
   */
  readonly slots: number;
}

/** The defaults of `DataflowSettings`. */
export const DEFAULT_SETTINGS: DataflowSettings = { rows: 1024, slots: 32 };

/** Sizes of one channel where they differ from the dataflow's. */
export interface ChannelSize {
  /** Records of a slot, a multiple of 8. */
  readonly rows?: number;
  /** Slots of a ring, a power of two. */
  readonly slots?: number;
}

/** What a transport has to provide for the dataflow; equal on all workers. */
export interface GraphDescription {
  /** Operator outputs by index, each with a cell per worker: operator and port. */
  readonly outputs: readonly string[];
  /** Channels between workers. */
  readonly channels: readonly ChannelSpec[];
  /** Operators, connections and schemas in words: workers with different texts built different graphs. */
  readonly text: string;
}

/** What a worker shares with its peers before there is a graph. */
export interface SharedState {
  /** The frontier cells. */
  readonly cells: FrontierCells;
  /** This worker's extents of the heap. */
  readonly extents: Extents;
}

/** Bytes of the heap of a worker on its own. */
const LOCAL_HEAP_BYTES = 2 ** 26;

interface Connection {
  readonly output: OutputPort;
  readonly input: InputPort;
  readonly pact: Pact<ColumnTypes>;
  readonly channel: ChannelSpec | null;
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
  /** The frontier cells of all workers. */
  readonly cells: FrontierCells;
  /** Memory for state. */
  readonly extents: Extents;
  /** Operators in topological order: the order of building. */
  readonly operators: Operator[] = [];
  readonly #outputs: OutputPort[] = [];
  readonly #connections: Connection[] = [];
  #channels = 0;
  #started = false;

  /** An empty graph; by default its cells and its heap are its own. */
  constructor(
    worker: number,
    peers: number,
    clock: Clock,
    settings: Partial<DataflowSettings> = {},
    { cells, extents }: SharedState = {
      cells: new FrontierCells(peers),
      extents: new Extents(allocateHeap(LOCAL_HEAP_BYTES)),
    },
  ) {
    this.worker = worker;
    this.peers = peers;
    this.clock = clock;
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.cells = cells;
    this.extents = extents;
  }

  /** All outputs of this worker's operators. */
  get outputs(): readonly OutputPort[] {
    return this.#outputs;
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
    const index = this.#outputs.length;
    if (index === MAX_OUTPUTS) throw new GraphError(`output ${where}: expected at most ${MAX_OUTPUTS} outputs`);
    const port = new OutputPort(this.cells, index, this.worker, where, schema, this.settings.rows);
    this.#outputs.push(port);
    return port;
  }

  /** A probe that observes nothing yet: to be handed to whoever looks at it, and attached to a stream by `probe`. */
  probe(): Probe {
    return new Probe(this.cells);
  }

  /**
   * Connects a stream with the input `where` that `make` builds.
   *
   * @throws {GraphError} when the dataflow was started, the stream is another's, or the ring would have a size that rings
   *   cannot have.
   * @throws {SchemaError} when batches of the channel would be smaller than 8 records.
   */
  connect<C extends ColumnTypes, P extends InputPort<C>>(
    stream: Stream<C>,
    where: string,
    pact: Pact<C>,
    size: ChannelSize,
    make: (origin: InputOrigin<C>, rows: number) => P,
  ): P {
    const name = `${stream.output.where} -> ${where}`;
    this.#refuseLate(`channel ${name}`);
    if (stream.scope !== this) throw new GraphError(`channel ${name}: the stream belongs to another dataflow`);
    const rows = size.rows ?? this.settings.rows;
    if (rows % 8 !== 0 || rows < 8) throw new SchemaError(`channel ${name}: ${rows} rows; expected a multiple of 8`);
    const slots = size.slots ?? this.settings.slots;
    if (slots < 2 || (slots & (slots - 1)) !== 0) {
      throw new GraphError(`channel ${name}: ${slots} slots; expected a power of two from 2 on`);
    }
    const { schema, output } = stream;
    const channel = pact.kind === 'pipeline' ? null : this.#channel(name, stream, { rows, slots }, pact);
    const worker = pact.kind === 'pipeline' ? this.worker : null;
    const input = make({ where, schema, cells: this.cells, output: output.index, worker }, rows);
    this.#connections.push({ output, input: input, pact, channel });
    return input;
  }

  #channel<C extends ColumnTypes>(
    name: string,
    { schema, output }: Stream<C>,
    size: Required<ChannelSize>,
    { namesExtents = false }: ExchangePact<C>,
  ): ChannelSpec<C> {
    return { id: this.#channels++, name, schema, ...size, output: output.index, namesExtents };
  }

  /** What the transport has to provide. */
  describe(): GraphDescription {
    const channels = this.#connections.flatMap((c) => (c.channel === null ? [] : [c.channel]));
    const text = [
      ...this.operators.map((operator) => {
        const outputs = operator.outputs.map((output) => output.schema.toString());
        return [operator.name, ...outputs].join(' ');
      }),
      ...this.#connections.map(({ output, input, channel }) => {
        const kind = channel === null ? 'pipeline' : `exchange, ${channel.rows} rows, ${channel.slots} slots`;
        return `${output.where} -> ${input.where} ${output.schema.toString()} ${kind}`;
      }),
    ].join('\n');
    return { outputs: this.#outputs.map(({ where }) => where), channels, text };
  }

  /** Connects the graph with the transport; from then on it cannot change. */
  start(transport: Transport): void {
    this.#refuseLate('second start');
    this.#started = true;
    const workers = Array.from({ length: this.peers }, (_, worker) => worker);
    for (const { output, input, pact, channel } of this.#connections) {
      if (pact.kind === 'pipeline' || channel === null) {
        const lane = new PipelineLane();
        input.lanes.push(lane);
        output.pushers.push(new PipelinePusher(lane, output.schema, output.rows));
      } else {
        input.lanes.push(...workers.map((from) => transport.receiver(channel, from)));
        const senders = workers.map((to) => transport.sender(channel, to));
        output.pushers.push(pact.pusher(channel, senders, this.settings.rows));
      }
    }
    for (const operator of this.operators) operator.start();
  }

  /** Everything before this time has left the dataflow: the minimum of the cells of all outputs of all workers. */
  completed(): Timestamp {
    let frontier: Timestamp = CLOSED;
    for (let i = 0; i < this.#outputs.length; i++) frontier = Math.min(frontier, this.cells.minimum(i));
    return frontier;
  }

  /** Bytes that wait in this worker's send queues, and of its extents that other workers may still read. */
  queuedBytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.#outputs.length; i++) bytes += this.#outputs[i]!.queuedBytes();
    return bytes;
  }

  #refuseLate(what: string): void {
    if (this.#started) {
      throw new GraphError(`${what}: the dataflow was started already; build the whole graph before the start`);
    }
  }
}
