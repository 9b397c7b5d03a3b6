/** A thread of the measurement of the machine's floor. */
import { parentPort, workerData } from 'node:worker_threads';
import { watchClock } from './clock-watch.ts';
import type { FloorThreadData } from './floor.ts';

/** V8 compiles meanwhile, beside the threads: after 0.1 s it still took a core for up to 30 ms. */
const WARM_UP_S = 0.5;

watchClock(WARM_UP_S);
parentPort!.postMessage(watchClock((workerData as FloorThreadData).durationS));
