/** What every dataflow keeps, checked from inside and from outside: records behind their frontier, frontiers that never fall. */
import { unary } from '../../dataflow/operators/unary.ts';
import type { Pact } from '../../dataflow/pact.ts';
import type { ColumnTypes } from '../../dataflow/schema.ts';
import type { Scope } from '../../dataflow/scope.ts';
import type { Stream } from '../../dataflow/stream.ts';
import type { Timestamp } from '../../progress/timestamp.ts';

/** A law of the engine that a run has broken. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
}

/** The same records, sent through `pact`; throws when one arrives before a frontier that was shown earlier. */
export function audited<C extends ColumnTypes>(stream: Stream<C>, pact: Pact<C>): Stream<C> {
  return unary(stream, pact, { name: 'audit', output: stream.schema }, ({ output, worker }) => {
    let shown: Timestamp = 0;
    return (input) => {
      for (const batch of input.arrivals) {
        if (batch.time < shown) {
          throw new ViolationError(`worker ${worker}: a record of ${batch.time} came after the frontier ${shown}`);
        }
        output.forward(batch);
      }
      if (input.frontier < shown) throw new ViolationError(`worker ${worker}: ${shown} fell to ${input.frontier}`);
      shown = input.frontier;
    };
  });
}

/** A check that no frontier of a port or a cell has fallen since it was called last; call it after every step. */
export function frontierWatch(scope: Scope): () => void {
  const before = new Map<string, Timestamp>();
  const rise = (where: string, frontier: Timestamp): void => {
    const last = before.get(where) ?? 0;
    if (frontier < last) throw new ViolationError(`worker ${scope.worker}, ${where}: ${last} fell to ${frontier}`);
    before.set(where, frontier);
  };
  return () => {
    const { cells } = scope;
    for (const operator of scope.operators) {
      for (const port of operator.inputs) rise(port.where, port.frontier);
      for (const port of operator.outputs) {
        rise(port.where, port.frontier);
        for (let peer = 0; peer < scope.peers; peer++) rise(`${port.where} of ${peer}`, cells.read(port.index, peer));
      }
    }
  };
}
