/** Records for tests: a source that sends given rows at given times, and a sink that keeps what arrives. */
import { inspect } from '../../dataflow/operators/inspect.ts';
import { source } from '../../dataflow/operators/source.ts';
import type { ColumnTypes, Schema } from '../../dataflow/schema.ts';
import type { Scope } from '../../dataflow/scope.ts';
import type { Stream } from '../../dataflow/stream.ts';
import { CLOSED, type Timestamp } from '../../progress/timestamp.ts';

/** One record. */
export interface TimedRow {
  readonly time: Timestamp;
  /** Values in the order of the schema's columns. */
  readonly values: readonly number[];
}

/** Sends this worker's rows, which ascend by time, once the clock has reached them, at most `burst` in one step. */
export function rowSource<C extends ColumnTypes>(
  scope: Scope,
  name: string,
  schema: Schema<C>,
  rows: readonly TimedRow[],
  burst = 16,
): Stream<C> {
  return source(scope, name, schema, (output) => {
    let next = 0;
    const bound = (): Timestamp => rows[next]?.time ?? CLOSED;
    return {
      step(now, paused): Timestamp {
        for (let sent = 0; !paused && sent < burst && bound() <= now; sent++) {
          const { time, values } = rows[next]!;
          const row = output.at(time).append();
          schema.names.forEach((column, c) => (output.columns[column as keyof C][row] = values[c]!));
          next += 1;
        }
        return bound();
      },
    };
  });
}

/** Appends every record of this worker to `sink`; returns the stream that follows. */
export function keepRows<C extends ColumnTypes>(stream: Stream<C>, sink: TimedRow[]): Stream<C> {
  return inspect(stream, (batch) => {
    for (let row = 0; row < batch.length; row++) {
      sink.push({ time: batch.time, values: batch.list.map((column) => column[row]!) });
    }
  });
}

/** Rows in an order of their own, so that multisets can be compared. */
export function sorted(rows: readonly TimedRow[]): TimedRow[] {
  const compare = (a: TimedRow, b: TimedRow): number => {
    if (a.time !== b.time) return a.time - b.time;
    for (let i = 0; i < a.values.length; i++) {
      if (a.values[i] !== b.values[i]) return a.values[i]! - (b.values[i] ?? 0);
    }
    return a.values.length - b.values.length;
  };
  return rows.map(({ time, values }) => ({ time, values: [...values] })).sort(compare);
}
