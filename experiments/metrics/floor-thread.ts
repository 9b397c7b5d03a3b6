/** A thread of the measurement of the machine's floor. */
import { parentPort, workerData } from 'node:worker_threads';
import { watchClock } from './clock-watch.ts';
import type { FloorThreadData } from './floor.ts';

/** V8 compiles meanwhile, beside the threads: with the flags of a run it takes a core for up to 40 ms as late as after 0.5 s. */
const WARM_UP_S = 1.5;

watchClock(WARM_UP_S);
parentPort!.postMessage(watchClock((workerData as FloorThreadData).durationS));
