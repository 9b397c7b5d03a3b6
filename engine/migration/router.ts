/**
 * F: routes records by the configuration at their time, and starts migrations (paper section 3.4).
 *
 * - A record whose time is in advance of the control frontier waits: its configuration may still change.
 * - For updates at `time`, F waits until `time` is in the host's output frontier over all workers: every record before
 *   `time` was absorbed. Then it takes the bins that leave this worker and sends them, with their pending entries, at
 *   `time`. Until then its state output stays at `time`.
 */
import type { Batch } from '../dataflow/batch.ts';
import type { Route } from '../dataflow/consumers.ts';
import type { InputPort } from '../dataflow/input-port.ts';
import { Operator } from '../dataflow/operator.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import { broadcastToAll, routed } from '../dataflow/pact.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';
import { Stream } from '../dataflow/stream.ts';
import type { Probe } from '../progress/probe.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { BatchStash } from './batch-stash.ts';
import type { ControlColumns, ControlStream } from './control-stream.ts';
import type { Binning } from './hash.ts';
import { RoutingTable, type UpdateGroup } from './routing-table.ts';
import { StateSender, type StateColumns, stateSchema } from './state-channel.ts';
import type { BinState } from './state/bin-state.ts';

/** Sizes of the control channel: updates are few. */
const CONTROL_SIZE = { rows: 256, slots: 4 };

/** A data input of a migratable operator. */
export interface KeyedInput {
  /** The records. */
  readonly stream: Stream<ColumnTypes>;
  /** Name of the float64 column whose bin decides where a record goes. */
  readonly key: string;
}

/** State that one worker sent away at one time. */
export interface Departure {
  /** Time of the updates. */
  readonly time: Timestamp;
  /** Bins that left this worker. */
  readonly bins: number;
  /** Their bytes as serialised. */
  readonly bytes: number;
}

/** Bins of the rows of a batch to workers, by the routing table. */
class TableRoute implements Route<ColumnTypes> {
  readonly #table: RoutingTable;
  readonly #binning: Binning;
  readonly #key: string;

  constructor(table: RoutingTable, binning: Binning, key: string) {
    this.#table = table;
    this.#binning = binning;
    this.#key = key;
  }

  fillDestinations(batch: Batch, destinations: Int32Array): void {
    const length = batch.length;
    this.#binning.fillBins(batch.columns[this.#key] as Float64Array, length, destinations);
    const owners = this.#table.at(batch.time);
    for (let i = 0; i < length; i++) destinations[i] = owners[destinations[i]!]!;
  }
}

/** One data input with what waits for the control frontier, and its output. */
interface RoutedPort {
  readonly input: InputPort;
  readonly output: OutputPort;
  readonly stash: BatchStash<ColumnTypes>;
}

/** The router of one migratable operator on one worker. */
export class Router extends Operator {
  /** Routed records, by data input; to be connected with `pactOf(i)`. */
  readonly routedStreams: readonly Stream<ColumnTypes>[];
  /** Bins under way; to be connected with `sender.pact`. */
  readonly stateStream: Stream<StateColumns>;
  /** Writes the state output. */
  readonly sender = new StateSender();
  /** What left this worker so far. */
  readonly departures: Departure[] = [];
  readonly #ports: readonly RoutedPort[];
  readonly #control: InputPort<ControlColumns>;
  readonly #state: BinState;
  readonly #table: RoutingTable;
  readonly #binning: Binning;
  readonly #keys: readonly string[];
  readonly #stateOutput: OutputPort<StateColumns>;
  /** Groups whose bins have not left yet, ascending by time. */
  readonly #migrations: UpdateGroup[] = [];
  /** Owner by bin after all migrations that have been carried out. */
  readonly #owners: Int32Array;
  /** Owner by bin after the group that is being carried out; of its bins only. */
  readonly #targets: Int32Array;
  #hostProbe: Probe | null = null;

  /**
   * A router in front of the host that shares `state`.
   *
   * @throws {SchemaError} when an input has no float64 column of its key's name.
   */
  constructor(name: string, inputs: readonly KeyedInput[], control: ControlStream, binning: Binning, state: BinState) {
    super(control.stream.scope, `${name}.F`);
    this.#state = state;
    this.#binning = binning;
    this.#table = new RoutingTable(control.initial);
    this.#owners = control.initial.slice();
    this.#targets = new Int32Array(control.initial.length);
    this.#keys = inputs.map(({ key }) => key);
    this.#ports = inputs.map(({ stream, key }) => {
      stream.schema.requireFloat64(key, `${this.name} (key of ${stream.output.where})`);
      const input = this.addInput();
      this.scope.connect(stream, input);
      return { input, output: this.addOutput(stream.schema), stash: new BatchStash() };
    });
    this.#control = this.addInput<ControlColumns>();
    this.scope.connect(control.stream, this.#control, broadcastToAll(), CONTROL_SIZE);
    this.#stateOutput = this.addOutput(stateSchema);
    this.routedStreams = this.#ports.map(({ output }) => new Stream(this.scope, output));
    this.stateStream = new Stream(this.scope, this.#stateOutput);
  }

  /** The pact that routes the records of data input `i`. */
  pactOf(i: number): ReturnType<typeof routed<ColumnTypes>> {
    return routed(new TableRoute(this.#table, this.#binning, this.#keys[i]!));
  }

  /** Tells the router how far the host's output has got, over all workers. */
  observe(hostProbe: Probe): void {
    this.#hostProbe = hostProbe;
  }

  protected override ready(): boolean {
    // The host's frontier may have moved although nothing arrived.
    return this.#migrations.length > 0;
  }

  protected override run(): boolean {
    this.#receiveUpdates();
    const bound = this.#control.frontier;
    let dataFrontier: Timestamp = CLOSED;
    for (const port of this.#ports) {
      this.#route(port, bound);
      dataFrontier = Math.min(dataFrontier, port.input.frontier, port.stash.earliest());
    }
    const migrated = this.#migrations.length > 0 && this.#migrate();
    // At `bound` itself more updates may come; they belong to the group that is there already.
    this.#table.retire(Math.min(dataFrontier, bound - 1));
    return migrated;
  }

  protected override frontierOf(output: number): Timestamp {
    const bound = this.#control.frontier;
    if (output < this.#ports.length) return Math.min(this.#ports[output]!.input.frontier, bound);
    return Math.min(bound, this.#migrations[0]?.time ?? CLOSED);
  }

  #receiveUpdates(): void {
    for (const batch of this.#control.arrivals) {
      const { bin, worker } = batch.columns;
      for (let i = 0; i < batch.length; i++) this.#table.update(batch.time, bin[i]!, worker[i]!);
      const group = this.#table.groups.find(({ time }) => time === batch.time)!;
      if (!this.#migrations.includes(group)) {
        this.#migrations.push(group);
        this.#migrations.sort((a, b) => a.time - b.time);
      }
    }
  }

  /** Sends what the control frontier has passed, earlier batches first, and stashes the rest. */
  #route({ input, output, stash }: RoutedPort, bound: Timestamp): void {
    while (stash.earliest() < bound) {
      const batch = stash.shift();
      output.forward(batch);
      batch.release();
    }
    for (const batch of input.arrivals) {
      if (batch.time < bound) output.forward(batch);
      else stash.insert(input.retain(batch));
    }
  }

  /** Carries out the migrations whose time the host's output has reached. Returns whether there was one. */
  #migrate(): boolean {
    const absorbed = this.#hostProbe!.frontier();
    let migrated = false;
    while (this.#migrations.length > 0) {
      const group = this.#migrations[0]!;
      // Updates at the group's time may still arrive, or records before it are still under way.
      if (group.time >= this.#control.frontier || absorbed < group.time) break;
      this.#depart(group);
      this.#migrations.shift();
      migrated = true;
    }
    return migrated;
  }

  #depart(group: UpdateGroup): void {
    let bins = 0;
    let bytes = 0;
    this.#stateOutput.at(group.time);
    // Of several updates of a bin at one time the last one holds, so only that one moves the bin.
    for (let i = 0; i < group.bins.length; i++) this.#targets[group.bins[i]!] = group.workers[i]!;
    for (let i = 0; i < group.bins.length; i++) {
      const bin = group.bins[i]!;
      const from = this.#owners[bin]!;
      const to = this.#targets[bin]!;
      this.#owners[bin] = to;
      if (from !== this.scope.worker || to === from) continue;
      bytes += this.sender.send(this.#state, bin, to, group.time);
      bins += 1;
    }
    if (bins > 0) this.departures.push({ time: group.time, bins, bytes });
  }
}
