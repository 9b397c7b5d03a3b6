/** Inspect: looks at every batch of a stream. */
import type { Batch } from '../batch.ts';
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Sees a batch; must not keep or change it. */
export type Inspector<C extends ColumnTypes> = (batch: Batch<C>) => void;

class InspectOperator<C extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<C>;
  readonly #inspector: Inspector<C>;
  readonly output: OutputPort<C>;

  constructor(stream: Stream<C>, inspector: Inspector<C>) {
    super(stream.scope, 'inspect');
    this.#inspector = inspector;
    this.#input = this.addInput(stream);
    this.output = this.addOutput(stream.schema);
  }

  protected override run(): boolean {
    const inspector = this.#inspector;
    const { arrivals } = this.#input;
    for (let i = 0; i < arrivals.length; i++) {
      const batch = arrivals[i]!;
      inspector(batch);
      this.output.forward(batch);
    }
    return false;
  }
}

/** The same stream; `inspector` sees every batch of this worker before its time leaves the output's frontier. */
export function inspect<C extends ColumnTypes>(stream: Stream<C>, inspector: Inspector<C>): Stream<C> {
  return new Stream(stream.scope, new InspectOperator(stream, inspector).output);
}
