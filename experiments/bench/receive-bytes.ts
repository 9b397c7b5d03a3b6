/** Reads a socket into memory of its own, as links do, and counts. */
import type { TcpNetConnectOpts } from 'node:net';

/** Bytes that are read at once. */
const READ_BYTES = 2 ** 18;

/** How to connect to `port` of the loopback; `onBytes` is told how many bytes were read. */
export function receiveBytes(port: number, onBytes: (count: number) => void): TcpNetConnectOpts {
  const callback = (count: number): boolean => {
    onBytes(count);
    return true;
  };
  return { port, host: '127.0.0.1', onread: { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback } };
}
