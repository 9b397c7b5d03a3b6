/** What two processes of Node exchange on the loopback, one way, when nothing else is done with it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { inOwnProcess } from './own-process.ts';
import { receiveBytes } from './receive-bytes.ts';

/** How the receiver reads: in events with memory of their own, as Node does by default, or into memory of its own. */
export type Reading = 'data events' | 'own memory';

const HOST = '127.0.0.1';
/** Bytes of a write: as many as a link writes at once. */
const WRITE_BYTES = 2 ** 17;

/** Bytes per second. */
export async function bareBytesPerSecond(bytes: number, reading: Reading): Promise<number> {
  const server = createServer();
  await once(server.listen(0, HOST), 'listening');
  const { port } = server.address() as { readonly port: number };
  server.once('connection', (socket) => void sendBytes(socket, bytes));
  const seconds = await inOwnProcess<number>(new URL(import.meta.url), 'secondsToReceive', [port, bytes, reading]);
  server.close();
  return bytes / seconds;
}

async function sendBytes(socket: Socket, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(WRITE_BYTES);
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
}

/** Connects to a port of the loopback; the seconds from the first bytes that come to the last. */
export function secondsToReceive(port: number, bytes: number, reading: Reading): Promise<number> {
  return new Promise((resolve) => {
    let left = bytes;
    let startMs = 0;
    const onBytes = (count: number): void => {
      startMs ||= performance.now();
      left -= count;
      if (left <= 0) resolve((performance.now() - startMs) / 1e3);
    };
    if (reading === 'own memory') connect(receiveBytes(port, onBytes));
    else connect({ port, host: HOST }).on('data', (chunk) => onBytes(chunk.length));
  });
}
