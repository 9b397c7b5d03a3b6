/** A thread that parks until it sees the next round, 2000 times: nothing but a wake-up ends its sleep. */
import { workerData } from 'node:worker_threads';

import { Parking } from '../parking.ts';

const { buffer, rounds } = workerData as { buffer: SharedArrayBuffer; rounds: Int32Array };
const parking = new Parking(buffer, 2);
for (let round = 1; round <= 2000; round++) {
  while (Atomics.load(rounds, 0) < round) {
    parking.park(1, Infinity, () => Atomics.load(rounds, 0) >= round);
  }
  Atomics.store(rounds, 1, round);
  Atomics.notify(rounds, 1);
}
