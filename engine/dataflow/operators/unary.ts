/** Unary: an operator with logic of the caller's, which sees the frontier and may use a notificator. */
import type { ArrivalsPort } from '../input-port.ts';
import { Notificator } from '../notificator.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { Pact } from '../pact.ts';
import type { ColumnTypes, Schema } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Name and results of an operator. */
export interface OperatorOptions<O extends ColumnTypes> {
  /** Names the operator in errors. */
  readonly name: string;
  /** Columns of the results. */
  readonly output: Schema<O>;
}

/** What the logic of an operator is given when it is built. */
export interface OperatorContext<O extends ColumnTypes> {
  /** The output; `hold` gives capabilities. */
  readonly output: OutputPort<O>;
  /** Asks to be run when the frontier of all inputs has passed a time. */
  readonly notificator: Notificator;
  /** Index of this worker. */
  readonly worker: number;
  /** Workers in all. */
  readonly peers: number;
}

/** Runs when batches arrived or a frontier moved: handles all `input.arrivals`, and notifications up to the frontier. */
export type UnaryLogic<I extends ColumnTypes> = (input: ArrivalsPort<I>) => void;

class UnaryOperator<I extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<I>;
  readonly #logic: UnaryLogic<I>;
  readonly output: OutputPort<O>;

  constructor(
    stream: Stream<I>,
    pact: Pact<I>,
    options: OperatorOptions<O>,
    build: (context: OperatorContext<O>) => UnaryLogic<I>,
  ) {
    super(stream.scope, options.name);
    this.#input = this.addInput(stream, pact);
    this.output = this.addOutput(options.output);
    const notificator = new Notificator(this.output, [this.#input]);
    const { worker, peers } = stream.scope;
    this.#logic = build({ output: this.output, notificator, worker, peers });
  }

  protected override run(): boolean {
    this.#logic(this.#input);
    return false;
  }
}

/** An operator with one input. The order of records within a time, and of times that are still open, is arbitrary. */
export function unary<I extends ColumnTypes, O extends ColumnTypes>(
  stream: Stream<I>,
  pact: Pact<I>,
  options: OperatorOptions<O>,
  build: (context: OperatorContext<O>) => UnaryLogic<I>,
): Stream<O> {
  return new Stream(stream.scope, new UnaryOperator(stream, pact, options, build).output);
}
