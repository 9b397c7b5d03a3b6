/** State machines: a fold per key, in timestamp order (paper section 3.5, listing 2). */
import type { OutputPort } from '../dataflow/output-port.ts';
import { type ColumnTypes, type Columns, type KeyColumnOf, Schema } from '../dataflow/schema.ts';
import type { Stream } from '../dataflow/stream.ts';
import type { Binning, HashedBinning } from './binning.ts';
import type { ControlStream } from './control-stream.ts';
import { migratable, type Migratable, type MigratableOptions } from './migratable.ts';
import type { CompoundContainer } from './state/bin-state.ts';
import type { Bins } from './state/bins.ts';
import type { BinContainer } from './state/container.ts';
import { HashTable } from './state/hash-table.ts';

/** The container of a state machine. */
type Container = BinContainer | CompoundContainer;

/** Name, state and results of a state machine. */
export interface StateMachineOptions<O extends ColumnTypes, S extends Container, B extends Binning> extends Omit<
  MigratableOptions<Record<string, S>, B, O>,
  'state'
> {
  /** Makes the container of one worker. */
  readonly state: (bins: Bins<B>) => S;
}

/** Folds row `row` of `columns` into the state of its key; appends results to `output`. */
export type Fold<I extends ColumnTypes, O extends ColumnTypes, S> = (
  state: S,
  columns: Columns<I>,
  row: number,
  output: OutputPort<O>,
) => void;

/** A fold over whole batches, for state that has a kernel for many keys at once. */
export interface BatchFold<I extends ColumnTypes, O extends ColumnTypes, S> {
  /** Folds all rows of `columns` below `length` into the state of their keys, in order; appends results to `output`. */
  foldBatch(state: S, columns: Columns<I>, length: number, output: OutputPort<O>): void;
}

/** A migratable fold per key: records of one key are folded in timestamp order. Keeps times. */
export function stateMachine<I extends ColumnTypes, O extends ColumnTypes, S extends Container, B extends Binning>(
  stream: Stream<I>,
  key: KeyColumnOf<I>,
  control: ControlStream,
  options: StateMachineOptions<O, S, B>,
  fold: Fold<I, O, S> | BatchFold<I, O, S>,
): Migratable<O> {
  const { state: makeState, ...rest } = options;
  const inputs = [{ stream: stream as unknown as Stream<ColumnTypes>, key }];
  const named = { ...rest, state: (bins: Bins<B>) => ({ state: makeState(bins) }) };
  return migratable(inputs, control, named, ({ state: { state }, output }) => ({
    onRecords(_input, batch): void {
      const columns = batch.columns as unknown as Columns<I>;
      if (typeof fold !== 'function') fold.foldBatch(state, columns, batch.length, output);
      else for (let row = 0; row < batch.length; row++) fold(state, columns, row, output);
    },
  }));
}

/** Results of `fold`: a key and its new state, for every record. */
export const foldSchema = new Schema({ key: 'float64', state: 'float64' });

/** The columns of a record that `fold` looks at. */
export interface FoldColumns<I extends ColumnTypes> {
  /** Decides the bin. */
  readonly key: KeyColumnOf<I>;
  /** The value that the record carries; without it, every record carries 1. */
  readonly value?: keyof I & string;
}

/**
 * The paper's one-line fold: `logic(key, value, state)` is the new state of the key, a number, 0 at first. The result has
 * the key and its new state for every record.
 */
export function fold<I extends ColumnTypes>(
  stream: Stream<I>,
  { key, value }: FoldColumns<I>,
  control: ControlStream,
  name: string,
  logic: (key: number, value: number, state: number) => number,
): Migratable<(typeof foldSchema)['columns']> {
  const state = (bins: Bins<HashedBinning>): HashTable => new HashTable(bins, 1);
  return stateMachine(stream, key, control, { name, output: foldSchema, state }, (table, columns, row, output) => {
    const id = columns[key][row]!;
    const entry = table.insert(id);
    const next = logic(id, value === undefined ? 1 : columns[value][row]!, table.get(entry, 0));
    table.set(entry, 0, next);
    const out = output.append();
    output.columns.key[out] = id;
    output.columns.state[out] = next;
  });
}
