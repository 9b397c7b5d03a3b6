/** Exchange and broadcast: send the records of a stream to other workers. */
import type { InputPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import type { OutputPort } from '../output-port.ts';
import { broadcastToAll, exchangeBy, type Pact } from '../pact.ts';
import type { ColumnTypes, Float64ColumnOf } from '../schema.ts';
import { Stream } from '../stream.ts';

/** Forwards what arrives. */
class RelayOperator<C extends ColumnTypes> extends Operator {
  readonly #input: InputPort<C>;
  readonly output: OutputPort<C>;

  constructor(stream: Stream<C>, name: string, pact: Pact<C>) {
    super(stream.scope, name);
    this.#input = this.addInput<C>();
    this.output = this.addOutput(stream.schema);
    stream.scope.connect(stream, this.#input, pact);
  }

  protected override run(): boolean {
    for (const batch of this.#input.arrivals) this.output.forward(batch);
    return false;
  }
}

/**
 * The same records, each on the worker that the hash of its key names.
 *
 * @throws {SchemaError} when there is no float64 column `key`.
 */
export function exchange<C extends ColumnTypes>(stream: Stream<C>, key: Float64ColumnOf<C>): Stream<C> {
  stream.schema.requireFloat64(key, `exchange of ${stream.output.where}`);
  const pact = exchangeBy<C>(key, stream.scope.peers);
  return new Stream(stream.scope, new RelayOperator(stream, 'exchange', pact).output);
}

/** The same records, each on every worker. */
export function broadcast<C extends ColumnTypes>(stream: Stream<C>): Stream<C> {
  return new Stream(stream.scope, new RelayOperator(stream, 'broadcast', broadcastToAll<C>()).output);
}
