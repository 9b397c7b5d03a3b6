/** Pacts: how the records of a stream are distributed over the workers of the next operator. */
import type { Batch } from './batch.ts';
import { BroadcastConsumer, ExchangeConsumer, type Route } from './consumers.ts';
import type { BatchSender, ChannelSpec } from './endpoints.ts';
import { hashKey } from './hash.ts';
import type { Consumer } from './output-port.ts';
import type { ColumnTypes, Float64ColumnOf } from './schema.ts';

/** A pact whose records may go to other workers. */
export interface ExchangePact<C extends ColumnTypes> {
  /** Makes the sending side, once per worker; `rows` is the most records that a pushed batch has. */
  consumer(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[], rows: number): Consumer<C>;
}

/** `null` stands for the pipeline pact: records stay on their worker. */
export type Pact<C extends ColumnTypes> = ExchangePact<C> | null;

/** Each record goes to the worker that `route` names. */
export function routed<C extends ColumnTypes>(route: Route<C>): ExchangePact<C> {
  return { consumer: (channel, senders, rows) => new ExchangeConsumer(channel, senders, route, rows) };
}

/**
 * Each record goes to the worker that the top bits of its key's hash name, the same on every worker and in every run. The
 * low bits stay free for hash tables: keys that meet on a worker must not agree in the bits that its tables use.
 *
 * When the dataflow starts, a stream without a float64 column `key` is refused with a SchemaError.
 */
export function exchangeBy<C extends ColumnTypes>(key: Float64ColumnOf<C>, peers: number): ExchangePact<C> {
  const route = {
    fillDestinations(batch: Batch<C>, destinations: Int32Array): void {
      hashToWorkers(batch.columns[key] as Float64Array, batch.length, peers, destinations);
    },
  };
  return {
    consumer(channel, senders, rows) {
      channel.schema.requireFloat64(key, `exchange ${channel.name}`);
      return new ExchangeConsumer(channel, senders, route, rows);
    },
  };
}

/** Every record goes to every worker. */
export function broadcastToAll<C extends ColumnTypes>(): ExchangePact<C> {
  return { consumer: (channel, senders) => new BroadcastConsumer(channel, senders) };
}

function hashToWorkers(keys: Float64Array, length: number, peers: number, destinations: Int32Array): void {
  for (let i = 0; i < length; i++) destinations[i] = ((hashKey(keys[i]!) >>> 16) * peers) >>> 16;
}
