/** Filter: the records for which a predicate holds. */
import { gatherRows } from '../copy-rows.ts';
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes, Columns } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Whether row `row` of `columns` is kept. */
export type Predicate<C extends ColumnTypes> = (columns: Columns<C>, row: number) => boolean;

class FilterOperator<C extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<C>;
  readonly #predicate: Predicate<C>;
  /** Kept rows of the current batch. */
  readonly #kept: Int32Array;
  readonly output: OutputPort<C>;

  constructor(stream: Stream<C>, predicate: Predicate<C>) {
    super(stream.scope, 'filter');
    this.#predicate = predicate;
    this.#kept = new Int32Array(stream.scope.settings.rows);
    this.#input = this.addInput(stream);
    this.output = this.addOutput(stream.schema);
  }

  protected override run(): boolean {
    const predicate = this.#predicate;
    const kept = this.#kept;
    const { arrivals } = this.#input;
    for (let i = 0; i < arrivals.length; i++) {
      const batch = arrivals[i]!;
      let count = 0;
      for (let row = 0; row < batch.length; row++) {
        if (predicate(batch.columns, row)) kept[count++] = row;
      }
      this.output.at(batch.time);
      for (let done = 0; done < count;) {
        const target = this.output.batch();
        const room = Math.min(target.capacity - target.length, count - done);
        gatherRows(batch, kept, done, target, target.length, room);
        target.length += room;
        done += room;
      }
    }
    return false;
  }
}

/** The records of `stream` for which `predicate` holds, at their times. */
export function filter<C extends ColumnTypes>(stream: Stream<C>, predicate: Predicate<C>): Stream<C> {
  return new Stream(stream.scope, new FilterOperator(stream, predicate).output);
}
