/** Map: one record out for one record in. */
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes, Columns, Schema } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Fills row `outRow` of `out` from row `row` of `columns`. */
export type MapLogic<I extends ColumnTypes, O extends ColumnTypes> = (
  columns: Columns<I>,
  row: number,
  out: Columns<O>,
  outRow: number,
) => void;

class MapOperator<I extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<I>;
  readonly #logic: MapLogic<I, O>;
  readonly output: OutputPort<O>;

  constructor(stream: Stream<I>, schema: Schema<O>, logic: MapLogic<I, O>) {
    super(stream.scope, 'map');
    this.#logic = logic;
    this.#input = this.addInput(stream);
    this.output = this.addOutput(schema);
  }

  protected override run(): boolean {
    const output = this.output;
    const logic = this.#logic;
    const { arrivals } = this.#input;
    for (let i = 0; i < arrivals.length; i++) {
      const batch = arrivals[i]!;
      output.at(batch.time);
      for (let row = 0; row < batch.length; row++) {
        const outRow = output.append();
        logic(batch.columns, row, output.columns, outRow);
      }
    }
    return false;
  }
}

/** The stream of `logic` applied to every record; keeps times and the number of records per time. */
export function map<I extends ColumnTypes, O extends ColumnTypes>(
  stream: Stream<I>,
  schema: Schema<O>,
  logic: MapLogic<I, O>,
): Stream<O> {
  return new Stream(stream.scope, new MapOperator(stream, schema, logic).output);
}
