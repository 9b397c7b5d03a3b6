import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';

import { Parking, parkingBytes } from '../parking.ts';

const parkingOf = (peers: number): Parking => new Parking(new SharedArrayBuffer(parkingBytes(peers)), peers);

describe('parking', () => {
  it('does not sleep when the second look finds work', () => {
    assert.equal(
      parkingOf(2).park(1, Infinity, () => true),
      true,
    );
  });

  it('does not sleep when somebody publishes between the second look and the sleep', () => {
    const parking = parkingOf(2);
    // Without the wake-up this call would never return.
    const found = parking.park(0, Infinity, () => {
      parking.wakeAll();
      return false;
    });
    assert.equal(found, false);
  });

  it('ends by itself after the given time', () => {
    assert.equal(
      parkingOf(1).park(0, 0, () => false),
      false,
    );
  });

  it('can be repeated: a wake-up counts for one sleep only', () => {
    const parking = parkingOf(1);
    parking.wakeAll();
    let looks = 0;
    parking.park(0, 0, () => ++looks > 9);
    parking.park(0, 0, () => ++looks > 9);
    assert.equal(looks, 2);
  });

  it('is left by a thread that sleeps, whoever comes first', async () => {
    const buffer = new SharedArrayBuffer(parkingBytes(2));
    const parking = new Parking(buffer, 2);
    const rounds = new Int32Array(new SharedArrayBuffer(8));
    const thread = new Worker(new URL('./parked-thread.ts', import.meta.url), { workerData: { buffer, rounds } });
    // The thread sleeps without a limit of time, once per round, until this loop wakes it; a lost wake-up hangs here.
    const ended = new Promise((resolve) => thread.on('exit', resolve));
    for (let round = 1; round <= 2000; round++) {
      Atomics.store(rounds, 0, round);
      parking.wakeAll();
      while (Atomics.load(rounds, 1) < round) Atomics.wait(rounds, 1, round - 1, 1);
    }
    assert.equal(await ended, 0);
  });
});
