/**
 * F: routes records by the configuration at their time, and starts migrations (paper section 3.4).
 *
 * - A record whose time the control frontier has not passed waits where it arrived: its configuration may still change.
 *   What leaves is complete, and leaves in the order of time.
 * - For updates at `time`, F waits until `time` is in the host's output frontier over all workers: every record before
 *   `time` was absorbed. Then it takes the bins that leave this worker and sends them, with their pending entries, at
 *   `time`. Until then its state output stays at `time`.
 */
import type { ArrivalsPort, OrderedPort } from '../dataflow/input-port.ts';
import { Operator } from '../dataflow/operator.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import { broadcast, exchange, type ExchangePact } from '../dataflow/pact.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';
import { Stream } from '../dataflow/stream.ts';
import type { Probe } from '../progress/probe.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { type Binning, binRoute } from './binning.ts';
import type { ControlColumns, ControlStream } from './control-stream.ts';
import { RoutingTable, type UpdateGroup } from './routing-table.ts';
import { type StateColumns, stateSchema, StateSender } from './state-channel.ts';
import type { BinState } from './state/bin-state.ts';

/** Sizes of the control channel: updates are few. */
const CONTROL_SIZE = { rows: 256, slots: 4 };

/** A data input of a migratable operator. */
export interface KeyedInput {
  /** The records. */
  readonly stream: Stream<ColumnTypes>;
  /** Name of the column whose bin decides where a record goes. */
  readonly key: string;
}

/** State that one worker sent away at one time. */
export interface Departure {
  /** Time of the updates. */
  readonly time: Timestamp;
  /** Bins that left this worker. */
  readonly bins: number;
  /** Bytes of their contents. */
  readonly bytes: number;
}

/** One data input and its output. */
interface RoutedPort {
  readonly input: OrderedPort;
  readonly output: OutputPort;
  /** The routed records. */
  readonly stream: Stream<ColumnTypes>;
  /** How they reach the hosts. */
  readonly pact: ExchangePact<ColumnTypes>;
}

/** The router of one migratable operator on one worker. */
export class Router extends Operator {
  /** Routed records, by data input. */
  readonly routed: readonly RoutedPort[];
  /** Bins in flight; to be connected with `sender.pact`. */
  readonly stateStream: Stream<StateColumns>;
  /** Writes the state output. */
  readonly sender: StateSender;
  /** What left this worker since the clock has started. */
  readonly departures: Departure[] = [];
  readonly #control: ArrivalsPort<ControlColumns>;
  readonly #table: RoutingTable;
  readonly #stateOutput: OutputPort<StateColumns>;
  /** Groups whose bins have not left yet, ascending by time. */
  readonly #migrations: UpdateGroup[] = [];
  /** Owner by bin after all migrations that have been carried out. */
  readonly #owners: Int32Array;
  /** Owner by bin after the group that is being carried out; of its bins only. */
  readonly #targets: Int32Array;
  readonly #hostProbe: Probe;

  /**
   * A router in front of the host that shares `state`, and whose output `hostProbe` will observe.
   *
   * @throws {SchemaError} when an input has no column of keys with its key's name.
   */
  constructor(
    name: string,
    inputs: readonly KeyedInput[],
    control: ControlStream,
    binning: Binning,
    state: BinState,
    hostProbe: Probe,
  ) {
    super(control.stream.scope, `${name}.F`);
    this.#hostProbe = hostProbe;
    this.#table = new RoutingTable(control.initial);
    this.#owners = control.initial.slice();
    this.#targets = new Int32Array(control.initial.length);
    this.sender = new StateSender(state, this.scope.extents, control.handoff);
    this.routed = inputs.map(({ stream, key }) => {
      stream.schema.requireKey(key, `${this.name} (key of ${stream.output.where})`);
      const input = this.addOrderedInput(stream);
      const output = this.addOutput(stream.schema);
      const route = binRoute<ColumnTypes>(key as never, binning, (time) => this.#table.at(time));
      return { input, output, stream: new Stream(this.scope, output), pact: exchange(route) };
    });
    this.#control = this.addInput<ControlColumns>(control.stream, broadcast, CONTROL_SIZE);
    this.#stateOutput = this.addOutput(stateSchema);
    this.stateStream = new Stream(this.scope, this.#stateOutput);
  }

  protected override ready(): boolean {
    // The host's frontier may have moved although nothing arrived.
    return this.#migrations.length > 0 || this.sender.lentSince < Infinity;
  }

  protected override run(): boolean {
    this.#receiveUpdates();
    const bound = this.#control.frontier;
    let dataFrontier: Timestamp = CLOSED;
    for (let i = 0; i < this.routed.length; i++) {
      const { input, output } = this.routed[i]!;
      const due = Math.min(bound, input.frontier);
      for (let batch = input.take(due); batch !== null; batch = input.take(due)) output.forward(batch);
      dataFrontier = Math.min(dataFrontier, input.frontier, input.earliest());
    }
    const migrated = this.#migrations.length > 0 && this.#migrate();
    if (this.sender.lentSince < Infinity) this.sender.reclaim(this.#hostProbe.frontier());
    // At `bound` itself more updates may come; they belong to the group that is there already.
    this.#table.retire(Math.min(dataFrontier, bound - 1));
    return migrated;
  }

  protected override frontierOf(output: number): Timestamp {
    const bound = this.#control.frontier;
    if (output < this.routed.length) return Math.min(this.routed[output]!.input.frontier, bound);
    return Math.min(bound, this.#migrations[0]?.time ?? CLOSED);
  }

  #receiveUpdates(): void {
    const { arrivals } = this.#control;
    for (let b = 0; b < arrivals.length; b++) {
      const batch = arrivals[b]!;
      const { bin, worker } = batch.columns;
      for (let i = 0; i < batch.length; i++) this.#table.update(batch.time, bin[i]!, worker[i]!);
      const group = this.#table.groups.find(({ time }) => time === batch.time)!;
      if (!this.#migrations.includes(group)) {
        this.#migrations.push(group);
        this.#migrations.sort((a, b) => a.time - b.time);
      }
    }
  }

  /** Carries out the migrations whose time the host's output has reached. Returns whether there was one. */
  #migrate(): boolean {
    const absorbed = this.#hostProbe.frontier();
    let migrated = false;
    while (this.#migrations.length > 0) {
      const group = this.#migrations[0]!;
      // Updates at the group's time may still arrive, or records before it are still in flight.
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
      bytes += this.sender.send(bin, to, group.time);
      bins += 1;
    }
    if (bins > 0 && group.time >= FIRST_TICK) this.departures.push({ time: group.time, bins, bytes });
  }
}
