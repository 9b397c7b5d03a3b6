/** Probe: the frontier of a stream. */
import type { Probe } from '../../progress/probe.ts';
import type { ColumnTypes } from '../schema.ts';
import type { Stream } from '../stream.ts';

/**
 * A probe that tells which times may still come out of `stream` on any worker: a new one, or the given handle, which is
 * attached (see `Scope.probe`). It costs the stream nothing.
 *
 * @throws {EngineError} when the handle is attached already.
 */
export function probe<C extends ColumnTypes>(stream: Stream<C>, handle: Probe = stream.scope.probe()): Probe {
  handle.attach(stream.output.index);
  return handle;
}
