/** Binary: an operator with two inputs and logic of the caller's. */
import type { ArrivalsPort } from '../input-port.ts';
import { Notificator } from '../notificator.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { Pact } from '../pact.ts';
import type { ColumnTypes } from '../schema.ts';
import { Stream } from '../stream.ts';
import type { OperatorContext, OperatorOptions } from './unary.ts';

/** Runs when batches arrived or a frontier moved: handles all arrivals, and notifications up to both frontiers. */
export type BinaryLogic<L extends ColumnTypes, R extends ColumnTypes> = (
  left: ArrivalsPort<L>,
  right: ArrivalsPort<R>,
) => void;

class BinaryOperator<L extends ColumnTypes, R extends ColumnTypes, O extends ColumnTypes> extends Operator {
  readonly #left: ArrivalsPort<L>;
  readonly #right: ArrivalsPort<R>;
  readonly #logic: BinaryLogic<L, R>;
  readonly output: OutputPort<O>;

  constructor(
    left: Stream<L>,
    right: Stream<R>,
    pacts: readonly [Pact<L>, Pact<R>],
    options: OperatorOptions<O>,
    build: (context: OperatorContext<O>) => BinaryLogic<L, R>,
  ) {
    super(left.scope, options.name);
    this.#left = this.addInput(left, pacts[0]);
    this.#right = this.addInput(right, pacts[1]);
    this.output = this.addOutput(options.output);
    const notificator = new Notificator(this.output, [this.#left, this.#right]);
    const { worker, peers } = left.scope;
    this.#logic = build({ output: this.output, notificator, worker, peers });
  }

  protected override run(): boolean {
    this.#logic(this.#left, this.#right);
    return false;
  }
}

/** An operator with two inputs. */
export function binary<L extends ColumnTypes, R extends ColumnTypes, O extends ColumnTypes>(
  left: Stream<L>,
  right: Stream<R>,
  pacts: readonly [Pact<L>, Pact<R>],
  options: OperatorOptions<O>,
  build: (context: OperatorContext<O>) => BinaryLogic<L, R>,
): Stream<O> {
  return new Stream(left.scope, new BinaryOperator(left, right, pacts, options, build).output);
}
