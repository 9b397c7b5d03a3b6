/** Relay: sends the records of a stream to other workers. */
import type { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import type { Pact } from '../pact.ts';
import type { ColumnTypes } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Forwards what arrives. */
class RelayOperator<C extends ColumnTypes> extends Operator {
  readonly #input: ArrivalsPort<C>;
  readonly output: OutputPort<C>;

  constructor(stream: Stream<C>, pact: Pact<C>) {
    super(stream.scope, 'relay');
    this.#input = this.addInput(stream, pact);
    this.output = this.addOutput(stream.schema);
  }

  protected override run(): boolean {
    const { arrivals } = this.#input;
    for (let i = 0; i < arrivals.length; i++) this.output.forward(arrivals[i]!);
    return false;
  }
}

/** The same records at their times, each on the workers that the pact names. */
export function relay<C extends ColumnTypes>(stream: Stream<C>, pact: Pact<C>): Stream<C> {
  return new Stream(stream.scope, new RelayOperator(stream, pact).output);
}
