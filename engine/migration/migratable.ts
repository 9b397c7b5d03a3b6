/**
 * Migratable operators: an operator L is replaced by a router F and a host S that share the bins of their worker (paper
 * section 3.4). `stateMachine`, `unary` and `binary` are made of this.
 */
import type { Batch } from '../dataflow/batch.ts';
import { probe } from '../dataflow/operators/probe.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import type { ColumnTypes, Schema } from '../dataflow/schema.ts';
import { Stream } from '../dataflow/stream.ts';
import { EngineError } from '../progress/engine-error.ts';
import type { Probe } from '../progress/probe.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import { type Binning, HashedBinning } from './binning.ts';
import type { ControlStream } from './control-stream.ts';
import type { ExtendedNotificator } from './extended-notificator.ts';
import { Host } from './host.ts';
import { type Departure, type KeyedInput, Router } from './router.ts';
import { BinState, type Containers } from './state/bin-state.ts';
import type { Bins } from './state/bins.ts';
import { PendingQueue } from './state/pending-queue.ts';

/** Name, state and results of a migratable operator. */
export interface MigratableOptions<S extends Containers, B extends Binning, O extends ColumnTypes> {
  /** Names the operator in errors. */
  readonly name: string;
  /** How keys fall into bins; by default the top bits of the hash. */
  readonly binning?: (binShift: number) => B;
  /** Makes the containers of one worker; the same names in the same order on every worker. */
  readonly state: (bins: Bins<B>) => S;
  /** Columns of the results. */
  readonly output: Schema<O>;
}

/** What the logic of a migratable operator is given when it is built. */
export interface MigratableContext<S extends Containers, O extends ColumnTypes> {
  /** The containers of this worker. Keys must be those that the input routes by. */
  readonly state: S;
  /** The output; its time is that of the records or the entry being handled. */
  readonly output: OutputPort<O>;
  /** Takes pending entries. */
  readonly notificator: ExtendedNotificator;
  /** Index of this worker. */
  readonly worker: number;
}

/** The logic of a migratable operator with inputs of the given columns. */
export interface MigratableLogic {
  /** Applies the records of data input `input`, in timestamp order over all inputs and entries. */
  onRecords(input: number, batch: Batch): void;
  /** Handles a pending entry. */
  onPending?(time: Timestamp, key: number, value: number): void;
}

/** A container named as the one of the pending entries. */
export class ContainerNameError extends EngineError {
  override readonly name = 'ContainerNameError';
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

  /** What left this worker since the clock has started, one entry per time. */
  get departures(): readonly Departure[] {
    return this.#router.departures;
  }

  /** Bytes of the bins hosted by this worker. */
  get stateBytes(): number {
    return this.#state.totalBytes;
  }
}

/** Adds F and S to the dataflow; `build` makes the logic of this worker. */
export function migratable<S extends Containers, B extends Binning, O extends ColumnTypes>(
  inputs: readonly KeyedInput[],
  control: ControlStream,
  options: MigratableOptions<S, B, O>,
  build: (context: MigratableContext<S, O>) => MigratableLogic,
): Migratable<O> {
  const { scope } = control.stream;
  const makeBinning = options.binning ?? ((shift: number) => new HashedBinning(shift) as Binning as B);
  const bins = { binning: makeBinning(control.binShift), extents: scope.extents };
  const { binning } = bins;
  const containers = options.state(bins);
  if ('pending' in containers) {
    throw new ContainerNameError(`${options.name}: a container is named "pending", as that of the pending entries`);
  }
  const pending = new PendingQueue(bins);
  const state = new BinState(control.binShift, { ...containers, pending });
  const hostProbe = scope.probe();
  const router = new Router(options.name, inputs, control, binning, state, hostProbe);
  const hosted = { state, pending, binning };
  const host = new Host(options.name, router, control, hosted, options.output, ({ output, notificator }) => {
    const logic = build({ state: containers, output, notificator, worker: scope.worker });
    return {
      onRecords: logic.onRecords.bind(logic),
      onPending: logic.onPending?.bind(logic) ?? refusePending(options.name),
    };
  });
  const stream = new Stream(scope, host.output);
  return new Migratable(stream, probe(stream, hostProbe), router, state);
}

function refusePending(name: string): () => never {
  return () => {
    throw new EngineError(`${name}: a pending entry is due, but the logic has no onPending`);
  };
}
