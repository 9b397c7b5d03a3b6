/** A thread that does nothing but read a socket; says that it is connected. */
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { receiveBytes } from './receive-bytes.ts';

/** What the thread is born with. */
export interface ReceiveThreadData {
  /** Of the loopback. */
  readonly port: number;
  /** The bytes that were read, one BigInt64. */
  readonly received: SharedArrayBuffer;
}

const { port, received } = workerData as ReceiveThreadData;
const bytes = new BigInt64Array(received);
const socket = connect(receiveBytes(port, (count) => Atomics.add(bytes, 0, BigInt(count))));
socket.once('connect', () => parentPort!.postMessage(null));
