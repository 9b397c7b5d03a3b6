/**
 * Operators with keyed state that are written once and built twice: with migration, or with state that belongs to its worker.
 * What differs is the mechanism: routing by bins and application in the order of time against an exchange and application on arrival.
 */
import {
  type Batch,
  binary,
  type ColumnTypes,
  exchange,
  type Extents,
  type KeyColumnOf,
  type OutputPort,
  type Schema,
  type Stream,
  type Timestamp,
  unary,
} from 'megaphone-engine';
import {
  binary as migratableBinary,
  type BinaryLogic,
  type Bins,
  type Containers,
  type ControlStream,
  type HashedBinning,
  type Migratable,
  unary as migratableUnary,
  type UnaryLogic,
} from 'megaphone-engine/migration';

import { WorkerTimers, workerState } from './worker-state.ts';

/** Takes pending entries: `WorkerTimers`, or the `ExtendedNotificator` of a migratable operator. */
export interface Notifier {
  /** Calls the logic's `onPending(time, key, value)` once every record before and at `time` was applied. */
  notifyAt(time: Timestamp, key: number, value: number): void;
}

/** What a kernel works with. */
export interface KernelContext<S extends Containers, O extends ColumnTypes> {
  /** The containers of this worker. */
  readonly state: S;
  /** The output, set to the time of the records or the entry that is handled. */
  readonly output: OutputPort<O>;
  /** Takes pending entries. */
  readonly notificator: Notifier;
}

/**
 * An operator. Its kernel must not depend on the order of batches: all that is certain at an entry's time is that everything before
 * and at that time was applied.
 */
export interface KeyedOperator<S extends Containers, O extends ColumnTypes, Logic> {
  /** Names it in errors. */
  readonly name: string;
  /** Makes the containers. */
  readonly state: (bins: Bins<HashedBinning>) => S;
  /** Columns of the results. */
  readonly output: Schema<O>;
  /** Makes the logic of one worker. */
  readonly kernel: (context: KernelContext<S, O>) => Logic;
  /**
   * Bins (log2) of a worker's state in the native variant; more than the fewest where the kernel visits all entries of a bin at once.
   * @default 1
   */
  readonly nativeBinShift?: number;
}

/** An operator with one input. */
export type KeyedUnary<I extends ColumnTypes, S extends Containers, O extends ColumnTypes> = KeyedOperator<
  S,
  O,
  UnaryLogic<I>
>;

/** An operator with two inputs. */
export type KeyedBinary<
  L extends ColumnTypes,
  R extends ColumnTypes,
  S extends Containers,
  O extends ColumnTypes,
> = KeyedOperator<S, O, BinaryLogic<L, R>>;

/** Builds the operator with migration. */
export function megaphoneUnary<I extends ColumnTypes, S extends Containers, O extends ColumnTypes>(
  stream: Stream<I>,
  key: KeyColumnOf<I>,
  control: ControlStream,
  operator: KeyedUnary<I, S, O>,
): Migratable<O> {
  return migratableUnary(stream, key, control, operator, operator.kernel);
}

/** Builds the operator with migration; equal keys of both inputs meet. */
export function megaphoneBinary<
  L extends ColumnTypes,
  R extends ColumnTypes,
  S extends Containers,
  O extends ColumnTypes,
>(
  left: Stream<L>,
  right: Stream<R>,
  keys: readonly [KeyColumnOf<L>, KeyColumnOf<R>],
  control: ControlStream,
  operator: KeyedBinary<L, R, S, O>,
): Migratable<O> {
  return migratableBinary(left, right, keys, control, operator, operator.kernel);
}

/** Builds the operator without migration. */
export function nativeUnary<I extends ColumnTypes, S extends Containers, O extends ColumnTypes>(
  stream: Stream<I>,
  key: KeyColumnOf<I>,
  operator: KeyedUnary<I, S, O>,
): Stream<O> {
  return unary(stream, exchange<I>(key), operator, ({ output }) => {
    const { logic, timers } = nativeLogic(operator, output, stream.scope.extents);
    const onRecords = logic.onRecords.bind(logic);
    const onPending = logic.onPending?.bind(logic);
    return (input) => {
      applyAll(input.arrivals, output, onRecords);
      if (onPending !== undefined) timers.run(input.frontier, onPending);
    };
  });
}

/** Builds the operator without migration; equal keys of both inputs meet. */
export function nativeBinary<L extends ColumnTypes, R extends ColumnTypes, S extends Containers, O extends ColumnTypes>(
  left: Stream<L>,
  right: Stream<R>,
  keys: readonly [KeyColumnOf<L>, KeyColumnOf<R>],
  operator: KeyedBinary<L, R, S, O>,
): Stream<O> {
  const pacts = [exchange<L>(keys[0]), exchange<R>(keys[1])] as const;
  return binary(left, right, pacts, operator, ({ output }) => {
    const { logic, timers } = nativeLogic(operator, output, left.scope.extents);
    const onLeft = logic.onLeft.bind(logic);
    const onRight = logic.onRight.bind(logic);
    const onPending = logic.onPending?.bind(logic);
    return (leftInput, rightInput) => {
      applyAll(leftInput.arrivals, output, onLeft);
      applyAll(rightInput.arrivals, output, onRight);
      if (onPending !== undefined) timers.run(Math.min(leftInput.frontier, rightInput.frontier), onPending);
    };
  });
}

function applyAll<I extends ColumnTypes, O extends ColumnTypes>(
  arrivals: readonly Batch<I>[],
  output: OutputPort<O>,
  apply: (batch: Batch<I>) => void,
): void {
  for (let i = 0; i < arrivals.length; i++) {
    output.at(arrivals[i]!.time);
    apply(arrivals[i]!);
  }
}

function nativeLogic<S extends Containers, O extends ColumnTypes, Logic>(
  operator: KeyedOperator<S, O, Logic>,
  output: OutputPort<O>,
  extents: Extents,
): { readonly logic: Logic; readonly timers: WorkerTimers } {
  const timers = new WorkerTimers(output, extents);
  const state = workerState(operator.state, extents, operator.nativeBinShift);
  return { logic: operator.kernel({ state, output, notificator: timers }), timers };
}
