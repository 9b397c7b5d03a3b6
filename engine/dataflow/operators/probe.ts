/** Probe: the frontier of a stream. */
import type { Probe } from '../../progress/probe.ts';
import type { ColumnTypes } from '../schema.ts';
import type { Stream } from '../stream.ts';

/** A probe that tells which times may still come out of `stream` on any worker. It costs the stream nothing. */
export function probe<C extends ColumnTypes>(stream: Stream<C>): Probe {
  return stream.scope.probe(stream.output as never);
}
