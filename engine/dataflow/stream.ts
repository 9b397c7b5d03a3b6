/** A stream: the records that leave one operator output, on all workers. */
import type { OutputPort } from './output-port.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import type { Scope } from './scope.ts';

/** The output of an operator, to be connected with others; made while the graph is built. */
export class Stream<C extends ColumnTypes> {
  /** The dataflow. */
  readonly scope: Scope;
  /** The output on this worker. */
  readonly output: OutputPort<C>;

  /** The stream of an output. */
  constructor(scope: Scope, output: OutputPort<C>) {
    this.scope = scope;
    this.output = output;
  }

  /** Columns of the records. */
  get schema(): Schema<C> {
    return this.output.schema;
  }
}
