/** Migratable operators with one and with two inputs, and pending entries (paper section 3.5). */
import type { Batch } from '../dataflow/batch.ts';
import type { ColumnTypes, KeyColumnOf } from '../dataflow/schema.ts';
import type { Stream } from '../dataflow/stream.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { Binning } from './binning.ts';
import type { ControlStream } from './control-stream.ts';
import { migratable, type Migratable, type MigratableContext, type MigratableOptions } from './migratable.ts';
import type { Containers } from './state/bin-state.ts';

/** The logic of an operator with one input. */
export interface UnaryLogic<I extends ColumnTypes> {
  /** Applies a batch: all its records have the batch's time; batches come in timestamp order. */
  onRecords(batch: Batch<I>): void;
  /** Handles a pending entry, after all records before and at its time. */
  onPending?(time: Timestamp, key: number, value: number): void;
}

/** The logic of an operator with two inputs; at equal times the left one's records come first. */
export interface BinaryLogic<L extends ColumnTypes, R extends ColumnTypes> {
  /** Applies a batch of the left input. */
  onLeft(batch: Batch<L>): void;
  /** Applies a batch of the right input. */
  onRight(batch: Batch<R>): void;
  /** Handles a pending entry, after all records before and at its time. */
  onPending?(time: Timestamp, key: number, value: number): void;
}

/** A migratable operator with one input, routed by the column `key`. */
export function unary<I extends ColumnTypes, O extends ColumnTypes, S extends Containers, B extends Binning>(
  stream: Stream<I>,
  key: KeyColumnOf<I>,
  control: ControlStream,
  options: MigratableOptions<S, B, O>,
  build: (context: MigratableContext<S, O>) => UnaryLogic<I>,
): Migratable<O> {
  const inputs = [{ stream: stream as unknown as Stream<ColumnTypes>, key }];
  return migratable(inputs, control, options, (context) => {
    const logic = build(context);
    return {
      onRecords: (_input, batch) => logic.onRecords(batch as unknown as Batch<I>),
      ...(logic.onPending && { onPending: logic.onPending.bind(logic) }),
    };
  });
}

/** A migratable operator with two inputs, routed by the columns `keys`: equal keys of both meet in one bin. */
export function binary<
  L extends ColumnTypes,
  R extends ColumnTypes,
  O extends ColumnTypes,
  S extends Containers,
  B extends Binning,
>(
  left: Stream<L>,
  right: Stream<R>,
  keys: readonly [KeyColumnOf<L>, KeyColumnOf<R>],
  control: ControlStream,
  options: MigratableOptions<S, B, O>,
  build: (context: MigratableContext<S, O>) => BinaryLogic<L, R>,
): Migratable<O> {
  const inputs = [
    { stream: left as unknown as Stream<ColumnTypes>, key: keys[0] },
    { stream: right as unknown as Stream<ColumnTypes>, key: keys[1] },
  ];
  return migratable(inputs, control, options, (context) => {
    const logic = build(context);
    return {
      onRecords(input, batch): void {
        if (input === 0) logic.onLeft(batch as unknown as Batch<L>);
        else logic.onRight(batch as unknown as Batch<R>);
      },
      ...(logic.onPending && { onPending: logic.onPending.bind(logic) }),
    };
  });
}
