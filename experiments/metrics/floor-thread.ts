/** A thread of the measurement of the machine's floor. */
import { parentPort, workerData } from 'node:worker_threads';
import { lookAtClock, roomForLooks, waitsBetween } from './clock-watch.ts';
import type { FloorThreadData } from './floor.ts';

/** V8 compiles the loop meanwhile, beside the threads. */
const WARM_UP_S = 0.2;

const { durationS } = workerData as FloorThreadData;
const looks = roomForLooks(Math.max(WARM_UP_S, durationS));
lookAtClock(WARM_UP_S, looks);
// As a run's workers do before they start: else what loading has left is collected meanwhile, with pauses of up to 65 ms.
globalThis.gc?.();
const kept = lookAtClock(durationS, looks);
parentPort!.postMessage(waitsBetween(looks.subarray(0, kept), durationS));
