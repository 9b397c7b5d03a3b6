/**
 * Migratable operators: an operator L is replaced by a router F and a host S that share the bins of their worker (paper
 * section 3.4). `stateMachine`, `unary` and `binary` are made of this.
 */
import type { Batch } from '../dataflow/batch.ts';
import { probe } from '../dataflow/operators/probe.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import type { ColumnTypes, Schema } from '../dataflow/schema.ts';
import { Stream } from '../dataflow/stream.ts';
import type { Probe } from '../progress/probe.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { ControlStream } from './control-stream.ts';
import { ExtendedNotificator } from './extended-notificator.ts';
import { type Binning, HashedBinning } from './hash.ts';
import { Host } from './host.ts';
import { type Departure, type KeyedInput, Router } from './router.ts';
import { BinState } from './state/bin-state.ts';
import type { BinContainer } from './state/container.ts';
import { PendingQueue } from './state/pending-queue.ts';

/** The containers of an operator by name. */
export type Containers = Readonly<Record<string, BinContainer>>;

/** The state of an operator: its containers and how keys fall into bins. */
export interface StateOptions<S extends Containers, B extends Binning> {
  /** Names the operator in errors. */
  readonly name: string;
  /** How keys fall into bins; by default the top bits of the hash. */
  readonly binning?: (binShift: number) => B;
  /** Makes the containers of one worker; the same names in the same order on every worker. */
  readonly state: (binning: B) => S;
}

/** What the logic of a migratable operator is given when it is built. */
export interface MigratableContext<S extends Containers, O extends ColumnTypes> {
  /** The containers of this worker. Keys must be those that the input routes by. */
  readonly state: S;
  /** The output; its time is that of the records or the entry being handled. */
  readonly output: OutputPort<O>;
  /** Takes post-dated entries. */
  readonly notificator: ExtendedNotificator;
  /** Index of this worker. */
  readonly worker: number;
}

/** The logic of a migratable operator with inputs of the given columns. */
export interface MigratableLogic {
  /** Applies the records of data input `input`, in timestamp order over all inputs and entries. */
  onRecords(input: number, batch: Batch): void;
  /** Handles a post-dated entry. */
  onPending?(time: Timestamp, key: number, value: number): void;
}

/** A migratable operator in the dataflow. */
export class Migratable<O extends ColumnTypes> {
  /** The results. */
  readonly stream: Stream<O>;
  /** The frontier of the results over all workers. */
  readonly probe: Probe;
  readonly #router: Router;
  readonly #state: BinState;

  /** For `migratable` only. */
  constructor(stream: Stream<O>, hostProbe: Probe, router: Router, state: BinState) {
    this.stream = stream;
    this.probe = hostProbe;
    this.#router = router;
    this.#state = state;
  }

  /** What left this worker so far, one entry per time. */
  get departures(): readonly Departure[] {
    return this.#router.departures;
  }

  /** Bytes of the bins hosted by this worker; costs a look at each bin. */
  stateBytes(): number {
    return this.#state.hostedBytes();
  }

  /**
   * Touches memory ahead of time: for `arriving` more bins here, and for `departing[w]` bins' worth of bytes that may
   * wait for worker w. Call it after the dataflow was connected.
   */
  reserve(arriving: number, departing: readonly number[]): void {
    this.#state.reserve(arriving);
    departing.forEach((bytes, to) => {
      if (bytes > 0) this.#router.sender.reserve(to, bytes);
    });
  }
}

/** Adds F and S to the dataflow; `build` makes the logic of this worker. */
export function migratable<S extends Containers, B extends Binning, O extends ColumnTypes>(
  inputs: readonly KeyedInput[],
  control: ControlStream,
  options: StateOptions<S, B>,
  output: Schema<O>,
  build: (context: MigratableContext<S, O>) => MigratableLogic,
): Migratable<O> {
  const makeBinning = options.binning ?? ((shift: number) => new HashedBinning(shift) as Binning as B);
  const binning = makeBinning(control.binShift);
  const containers = options.state(binning);
  const pending = new PendingQueue(control.binShift);
  const state = new BinState(control.binShift, [
    ...Object.entries(containers).map(([name, container]) => ({ name, container })),
    { name: 'pending', container: pending },
  ]);
  const router = new Router(options.name, inputs, control, binning, state);
  const host = new Host(options.name, router, control, output, state, pending);
  const notificator = new ExtendedNotificator(pending, binning, () => host.time);
  const worker = control.stream.scope.worker;
  const logic = build({ state: containers, output: host.output, notificator, worker });
  host.use({
    onRecords: logic.onRecords.bind(logic),
    onPending: logic.onPending?.bind(logic) ?? refusePending(options.name),
  });
  const stream = new Stream(control.stream.scope, host.output);
  const hostProbe = probe(stream);
  router.observe(hostProbe);
  return new Migratable(stream, hostProbe, router, state);
}

function refusePending(name: string): () => never {
  return () => {
    throw new TypeError(`${name}: a post-dated entry is due, but the logic has no onPending`);
  };
}
