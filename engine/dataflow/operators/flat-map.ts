/** Flat map: any number of records out for one record in. */
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes, Columns, Schema } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Appends to `output`, for row `row` of `columns`, as many records as it likes. */
export type FlatMapLogic<I extends ColumnTypes, O extends ColumnTypes> = (
  columns: Columns<I>,
  row: number,
  output: OutputPort<O>,
) => void;

class FlatMapOperator<I extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<I>;
  readonly #logic: FlatMapLogic<I, O>;
  readonly output: OutputPort<O>;

  constructor(stream: Stream<I>, schema: Schema<O>, logic: FlatMapLogic<I, O>) {
    super(stream.scope, 'flatMap');
    this.#logic = logic;
    this.#input = this.addInput(stream);
    this.output = this.addOutput(schema);
  }

  protected override run(): boolean {
    const logic = this.#logic;
    const { arrivals } = this.#input;
    for (let i = 0; i < arrivals.length; i++) {
      const batch = arrivals[i]!;
      this.output.at(batch.time);
      for (let row = 0; row < batch.length; row++) logic(batch.columns, row, this.output);
    }
    return false;
  }
}

/** The stream of all records that `logic` appends, at the times of the records that caused them. */
export function flatMap<I extends ColumnTypes, O extends ColumnTypes>(
  stream: Stream<I>,
  schema: Schema<O>,
  logic: FlatMapLogic<I, O>,
): Stream<O> {
  return new Stream(stream.scope, new FlatMapOperator(stream, schema, logic).output);
}
