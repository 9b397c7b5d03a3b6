/** Unary and binary: operators with logic of the caller's, which sees frontiers and may use a notificator. */
import type { InputPort } from '../input-port.ts';
import { Notificator } from '../notificator.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { Pact } from '../pact.ts';
import type { ColumnTypes, Schema } from '../schema.ts';
import { Stream } from '../stream.ts';

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
export type UnaryLogic<I extends ColumnTypes> = (input: InputPort<I>) => void;

/** As `UnaryLogic`, with two inputs. */
export type BinaryLogic<L extends ColumnTypes, R extends ColumnTypes> = (
  left: InputPort<L>,
  right: InputPort<R>,
) => void;

class UnaryOperator<I extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #input: InputPort<I>;
  readonly #logic: UnaryLogic<I>;
  readonly output: OutputPort<O>;

  constructor(
    stream: Stream<I>,
    name: string,
    pact: Pact<I>,
    schema: Schema<O>,
    build: (context: OperatorContext<O>) => UnaryLogic<I>,
  ) {
    super(stream.scope, name);
    this.#input = this.addInput<I>();
    this.output = this.addOutput(schema);
    stream.scope.connect(stream, this.#input, pact);
    const notificator = new Notificator(this.output, [this.#input]);
    const { worker, peers } = stream.scope;
    this.#logic = build({ output: this.output, notificator, worker, peers });
  }

  protected override run(): boolean {
    this.#logic(this.#input);
    return false;
  }
}

class BinaryOperator<L extends ColumnTypes, R extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #left: InputPort<L>;
  readonly #right: InputPort<R>;
  readonly #logic: BinaryLogic<L, R>;
  readonly output: OutputPort<O>;

  constructor(
    left: Stream<L>,
    right: Stream<R>,
    name: string,
    pacts: readonly [Pact<L>, Pact<R>],
    schema: Schema<O>,
    build: (context: OperatorContext<O>) => BinaryLogic<L, R>,
  ) {
    super(left.scope, name);
    this.#left = this.addInput<L>();
    this.#right = this.addInput<R>();
    this.output = this.addOutput(schema);
    left.scope.connect(left, this.#left, pacts[0]);
    left.scope.connect(right, this.#right, pacts[1]);
    const notificator = new Notificator(this.output, [this.#left, this.#right]);
    const { worker, peers } = left.scope;
    this.#logic = build({ output: this.output, notificator, worker, peers });
  }

  protected override run(): boolean {
    this.#logic(this.#left, this.#right);
    return false;
  }
}

/** An operator with one input. The order of records within a time, and of times that are still open, is arbitrary. */
export function unary<I extends ColumnTypes, O extends ColumnTypes>(
  stream: Stream<I>,
  name: string,
  pact: Pact<I>,
  schema: Schema<O>,
  build: (context: OperatorContext<O>) => UnaryLogic<I>,
): Stream<O> {
  return new Stream(stream.scope, new UnaryOperator(stream, name, pact, schema, build).output);
}

/** An operator with two inputs. */
export function binary<L extends ColumnTypes, R extends ColumnTypes, O extends ColumnTypes>(
  left: Stream<L>,
  right: Stream<R>,
  name: string,
  pacts: readonly [Pact<L>, Pact<R>],
  schema: Schema<O>,
  build: (context: OperatorContext<O>) => BinaryLogic<L, R>,
): Stream<O> {
  return new Stream(left.scope, new BinaryOperator(left, right, name, pacts, schema, build).output);
}
