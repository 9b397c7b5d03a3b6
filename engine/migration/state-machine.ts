/** State machine: a fold per key, in timestamp order (paper section 3.5, listing 2). */
import type { OutputPort } from '../dataflow/output-port.ts';
import type { ColumnTypes, Columns, Float64ColumnOf, Schema } from '../dataflow/schema.ts';
import type { Stream } from '../dataflow/stream.ts';
import type { ControlStream } from './control-stream.ts';
import type { Binning } from './hash.ts';
import { migratable, type Migratable } from './migratable.ts';
import type { BinContainer } from './state/container.ts';

/** A fold per key. */
export interface StateMachineOptions<
  I extends ColumnTypes,
  O extends ColumnTypes,
  S extends BinContainer,
  B extends Binning,
> {
  /** Names the operator in errors. */
  readonly name: string;
  /** The key column: decides the bin; records of one key are folded in timestamp order. */
  readonly key: Float64ColumnOf<I>;
  /** How keys fall into bins; by default the top bits of the hash. */
  readonly binning?: (binShift: number) => B;
  /** Makes the container of one worker. */
  readonly state: (binning: B) => S;
  /** Columns of the results. */
  readonly output: Schema<O>;
  /** How records change the state of their keys. */
  readonly fold: Fold<I, O, S> | BatchFold<I, O, S>;
}

/** Folds row `row` of `columns` into the state of its key; appends results to `output`. */
export type Fold<I extends ColumnTypes, O extends ColumnTypes, S extends BinContainer> = (
  state: S,
  columns: Columns<I>,
  row: number,
  output: OutputPort<O>,
) => void;

/** A fold over whole batches, for state that has a kernel for many keys at once. */
export interface BatchFold<I extends ColumnTypes, O extends ColumnTypes, S extends BinContainer> {
  /** Folds all rows of `columns` below `length` into the state of their keys, in order; appends results to `output`. */
  foldBatch(state: S, columns: Columns<I>, length: number, output: OutputPort<O>): void;
}

/** A migratable fold per key. Keeps times. */
export function stateMachine<I extends ColumnTypes, O extends ColumnTypes, S extends BinContainer, B extends Binning>(
  stream: Stream<I>,
  control: ControlStream,
  options: StateMachineOptions<I, O, S, B>,
): Migratable<O> {
  const { name, key, fold, output } = options;
  return migratable(
    [{ stream: stream, key }],
    control,
    {
      name,
      ...(options.binning && { binning: options.binning }),
      state: (binning: B) => ({ state: options.state(binning) }),
    },
    output,
    ({ state, output: results }) => ({
      onRecords(_input, batch): void {
        const columns = batch.columns as Columns<I>;
        if (typeof fold !== 'function') fold.foldBatch(state.state, columns, batch.length, results);
        else for (let row = 0; row < batch.length; row++) fold(state.state, columns, row, results);
      },
    }),
  );
}
