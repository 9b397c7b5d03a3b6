/** Pacts: how the records of a stream are distributed over the workers of the next operator. */
import type { Batch } from './batch.ts';
import { hashKey } from './hash.ts';
import { BroadcastPusher, ExchangePusher, type Pusher, type Route } from './pushers.ts';
import type { ColumnTypes, KeyArray, KeyColumnOf } from './schema.ts';
import type { BatchSender, ChannelSpec } from './transport.ts';

/** A pact whose records may go to other workers. */
export interface ExchangePact<C extends ColumnTypes> {
  /** Tells the pacts apart. */
  readonly kind: 'exchange';
  /** Whether its pushers write heads of extent frames (extent-frames.ts), whose contents a link sends. */
  readonly namesExtents?: boolean;
  /** Makes the sending side, once per worker; `rows` is the most records that a pushed batch has. */
  pusher(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[], rows: number): Pusher<C>;
}

/** The pact whose records stay on their worker. */
export interface PipelinePact {
  /** Tells the pacts apart. */
  readonly kind: 'pipeline';
}

/** How records are distributed: `pipeline`, `exchange(...)` or `broadcast`. */
export type Pact<C extends ColumnTypes> = PipelinePact | ExchangePact<C>;

/** Records stay on their worker. */
export const pipeline: PipelinePact = { kind: 'pipeline' };

/** Every record goes to every worker. */
export const broadcast: ExchangePact<ColumnTypes> = {
  kind: 'exchange',
  pusher: (channel, senders) => new BroadcastPusher(channel, senders),
};

/**
 * Each record goes to the worker that `by` names: a route, or the column of a key. Then the top bits of the key's hash
 * decide, the same on every worker and in every run. The low bits stay free for hash tables: keys that meet on a worker
 * must not agree in the bits that its tables use.
 *
 * When the dataflow starts, a stream without a column of keys with that name is refused with a SchemaError.
 */
export function exchange<C extends ColumnTypes>(by: KeyColumnOf<C> | Route<C>): ExchangePact<C> {
  return {
    kind: 'exchange',
    pusher(channel, senders, rows) {
      if (typeof by !== 'string') return new ExchangePusher(channel, senders, by, rows);
      channel.schema.requireKey(by, `exchange ${channel.name}`);
      return new ExchangePusher(channel, senders, routeByHash<C>(by, senders.length), rows);
    },
  };
}

function routeByHash<C extends ColumnTypes>(key: KeyColumnOf<C>, peers: number): Route<C> {
  return {
    destinations(batch: Batch<C>, destinations: Int32Array): void {
      hashDestinations(batch.columns[key] as KeyArray, batch.length, peers, destinations);
    },
  };
}

function hashDestinations(keys: KeyArray, length: number, peers: number, destinations: Int32Array): void {
  for (let i = 0; i < length; i++) destinations[i] = ((hashKey(keys[i]!) >>> 16) * peers) >>> 16;
}
