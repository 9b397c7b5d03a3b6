/** Concat: the records of several streams with the same columns. */
import { SchemaError } from '../errors.ts';
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes } from '../schema.ts';
import { Stream } from '../stream.ts';

class ConcatOperator<C extends ColumnTypes> extends Operator {
  readonly #ports: readonly ArrivalsPort<C>[];
  readonly output: OutputPort<C>;

  constructor(streams: readonly [Stream<C>, ...Stream<C>[]]) {
    super(streams[0].scope, 'concat');
    const schema = streams[0].schema;
    this.#ports = streams.map((stream) => {
      if (stream.schema.toString() !== schema.toString()) {
        throw new SchemaError(
          `${this.name}: ${stream.output.where} has ${stream.schema.toString()}; expected ${schema.toString()}`,
        );
      }
      return this.addInput(stream);
    });
    this.output = this.addOutput(schema);
  }

  protected override run(): boolean {
    for (let p = 0; p < this.#ports.length; p++) {
      const { arrivals } = this.#ports[p]!;
      for (let i = 0; i < arrivals.length; i++) this.output.forward(arrivals[i]!);
    }
    return false;
  }
}

/**
 * All records of all streams, at their times, in no particular order.
 *
 * @throws {SchemaError} when the streams' columns differ.
 */
export function concat<C extends ColumnTypes>(first: Stream<C>, ...others: Stream<C>[]): Stream<C> {
  return new Stream(first.scope, new ConcatOperator([first, ...others]).output);
}
