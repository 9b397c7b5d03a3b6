import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { BatchPool } from '../batch.ts';
import { hashKey } from '../hash.ts';
import { exchange } from '../pact.ts';
import { Schema } from '../schema.ts';
import { RecordingSender } from './recording-sender.ts';

const schema = new Schema({ key: 'float64' });

const key = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.integer({ min: 2 ** 31 - 3, max: 2 ** 33 }));

describe('hashKey', () => {
  it('is an unsigned 32-bit integer', () => {
    fc.assert(
      fc.property(key, (k) => {
        const hash = hashKey(k);
        assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32, `hash of ${k} is ${hash}`);
      }),
    );
  });

  it('stays what it is, as processes and stored results depend on it', () => {
    assert.deepEqual(
      [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(hashKey),
      [0xd9aaf7d3, 0xaddc76bc, 0xd9f40881, 0xdd325158, 0x38bca02b, 0x2f70026f],
    );
  });

  it('does not let keys that differ in low bits only collide', () => {
    for (const high of [0, 1, 2 ** 20]) {
      const hashes = new Set(Array.from({ length: 20_000 }, (_, low) => hashKey(high * 2 ** 32 + low)));
      assert.equal(hashes.size, 20_000);
    }
  });

  it('flips each bit of the hash for about half of the single-bit changes of the key', () => {
    const samples = 2_000;
    for (const bit of [0, 1, 15, 31, 32, 40, 52]) {
      const flips = new Array<number>(32).fill(0);
      for (let i = 0; i < samples; i++) {
        const k = (i * 0x1_2345_6789_ab) % 2 ** 53;
        const flipped = Math.floor(k / 2 ** bit) % 2 === 0 ? k + 2 ** bit : k - 2 ** bit;
        const difference = hashKey(k) ^ hashKey(flipped);
        for (let j = 0; j < 32; j++) flips[j]! += (difference >>> j) & 1;
      }
      for (const [j, count] of flips.entries()) {
        assert.ok(Math.abs(count / samples - 0.5) < 0.1, `key bit ${bit}, hash bit ${j}: ${count} of ${samples}`);
      }
    }
  });
});

describe('exchange by key', () => {
  for (const peers of [1, 3, 7]) {
    it(`spreads keys evenly over ${peers} workers, large keys too`, () => {
      const senders = Array.from({ length: peers }, () => new RecordingSender(schema, 1024, Infinity));
      const channel = { id: 0, name: 'a -> b', schema, rows: 1024, slots: 2, output: 0, namesExtents: false };
      const pusher = exchange<(typeof schema)['columns']>('key').pusher(channel, senders, 1024);
      const batch = new BatchPool(schema, 1024).take();
      const keys = 1024 * peers;
      for (let from = 0; from < keys; from += 1024) {
        for (let i = 0; i < 1024; i++) {
          batch.columns.key[i] = i % 2 === 0 ? from + i : Number.MAX_SAFE_INTEGER - (from + i) * 1_000_003;
        }
        batch.length = 1024;
        pusher.push(batch);
      }
      pusher.flush();
      for (const { sent } of senders) {
        const count = sent.reduce((sum, { values }) => sum + values.length, 0);
        assert.ok(Math.abs(count - 1024) < 200, `${count} records; expected about 1024`);
      }
    });
  }
});
