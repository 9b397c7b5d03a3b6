import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { BatchPool } from '../batch.ts';
import type { Consumer } from '../output-port.ts';
import { exchangeBy } from '../pact.ts';
import { Schema } from '../schema.ts';
import { recordingSender } from './recording-sender.ts';

const schema = new Schema({ key: 'float64' });

describe('exchange by key', () => {
  for (const peers of [1, 3, 7]) {
    it(`spreads keys evenly over ${peers} workers, large keys too`, () => {
      const senders = Array.from({ length: peers }, () => recordingSender(schema, 1024, Infinity));
      const channel = { id: 0, name: 'a -> b', schema, rows: 1024, slots: 2 };
      const consumer: Consumer<(typeof schema)['columns']> = exchangeBy<(typeof schema)['columns']>(
        'key',
        peers,
      ).consumer(channel, senders, 1024);
      const batch = new BatchPool(schema, 1024).take();
      const keys = 1024 * peers;
      for (let from = 0; from < keys; from += 1024) {
        for (let i = 0; i < 1024; i++) {
          batch.columns.key[i] = i % 2 === 0 ? from + i : Number.MAX_SAFE_INTEGER - (from + i) * 1_000_003;
        }
        batch.length = 1024;
        consumer.push(batch);
      }
      consumer.flush();
      for (const { sent } of senders) {
        const count = sent.reduce((sum, { values }) => sum + values.length, 0);
        assert.ok(Math.abs(count - 1024) < 200, `${count} records; expected about 1024`);
      }
    });
  }
});
