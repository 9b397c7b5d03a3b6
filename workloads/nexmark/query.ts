/** A NEXMark query as the dataflow sees it, and its adapter to the harness. */
import type { ColumnTypes, Stream } from 'megaphone-engine';
import { MAX_TIMESTAMP, timestampOf } from 'megaphone-engine';
import type { ControlStream, Migratable } from 'megaphone-engine/migration';

import type { Workload, WorkloadInput } from '../workload.ts';
import { describeQuery } from './description.ts';
import { EventTime } from './event-time.ts';
import { NexmarkGenerator } from './generator.ts';
import { generatedInput } from './oracle/generated-input.ts';
import { type NexmarkQuery, oracle } from './oracle/oracle.ts';
import { type NexmarkParameters, resolveNexmarkParameters } from './parameters.ts';
import type { NexmarkStreams } from './schemas.ts';
import { nexmarkSource } from './source.ts';

/** What a query is built with. */
export interface QueryContext {
  /** The constants of input and queries. */
  readonly parameters: NexmarkParameters;
  /** Event times to timestamps. */
  readonly eventTime: EventTime;
}

/** A query without migration. The results' first column is the event time of the row in microseconds. */
export type NativeQuery<O extends ColumnTypes> = (streams: NexmarkStreams, context: QueryContext) => Stream<O>;

/** A query with migratable operators, in the order of the dataflow; the last one's results are the query's. */
export type MegaphoneQuery<O extends ColumnTypes> = (
  streams: NexmarkStreams,
  control: ControlStream,
  context: QueryContext,
) => MegaphoneResult<O>;

/** What a Megaphone query builds. */
export interface MegaphoneResult<O extends ColumnTypes> {
  /** The results. */
  readonly stream: Stream<O>;
  /** The migratable operators in the order of the dataflow. */
  readonly migratables: readonly Migratable<ColumnTypes>[];
}

/** The harness's view of a query. */
export function nexmarkWorkload<N extends ColumnTypes, M extends ColumnTypes>(
  query: NexmarkQuery,
  native: NativeQuery<N>,
  megaphone: MegaphoneQuery<M>,
): Workload {
  return {
    description: describeQuery(query),
    native(scope, input) {
      const { generator, context } = contextOf(input);
      const { streams, source } = nexmarkSource(scope, input.schedule, generator, input.tickNs);
      return { results: native(streams, context), source, migratables: [] };
    },
    megaphone(scope, input, control) {
      const { generator, context } = contextOf(input);
      const { streams, source } = nexmarkSource(scope, input.schedule, generator, input.tickNs);
      const { stream, migratables } = megaphone(streams, control, context);
      return {
        results: stream,
        source,
        migratables: migratables,
      };
    },
    oracle(input, result) {
      const { generator, context } = contextOf(input);
      for (const { timeUs, values } of oracle(
        query,
        generatedInput(generator, input.schedule.total),
        context.parameters,
      )) {
        result([timeUs, ...values]);
      }
    },
  };
}

function contextOf(input: WorkloadInput): { readonly generator: NexmarkGenerator; readonly context: QueryContext } {
  const parameters = resolveNexmarkParameters(input.ratePerSecond, input.parameters);
  const lastTimer = Math.min(MAX_TIMESTAMP, timestampOf(input.schedule.intendedTick(input.schedule.total)) + 1);
  return {
    generator: new NexmarkGenerator(parameters, input.seed),
    context: { parameters, eventTime: new EventTime(parameters.timeDilation, input.tickNs, lastTimer) },
  };
}
