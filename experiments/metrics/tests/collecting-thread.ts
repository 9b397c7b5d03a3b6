/** Allocates without ever returning to the event loop, and posts the collections that were recorded. */
import { parentPort } from 'node:worker_threads';
import { CollectionRecorder } from '../collections.ts';

const recorder = new CollectionRecorder(3);
recorder.poll(0);
const kept: number[][] = [];
for (let i = 0; i < 400_000; i++) kept[i % 1000] = new Array<number>(50).fill(i);
recorder.poll(1.5);
parentPort!.postMessage(recorder.finish());
