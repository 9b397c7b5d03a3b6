/** Servers that only this machine reaches. */
import { type IncomingMessage, type RequestListener, createServer, type Server } from 'node:http';

const LOOPBACK = '127.0.0.1';

/** Names by which this machine calls itself. */
const OWN_NAMES = ['localhost', LOOPBACK, '[::1]'];

/** A port cannot be listened on; the message says why in one line. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/**
 * Serves on the loopback. A request whose header `Host` names another machine is refused: a page from elsewhere whose name was made to lead
 * here would otherwise read what only this machine may.
 *
 * @param port - where to listen; 0 is any that is free
 * @throws {PortError} when the port is in use, or not ours to use
 */
export async function serveLocally(port: number, answer: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    if (isOwnHost(request)) answer(request, response);
    else refuse(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)));
    server.listen(port, LOOPBACK, resolve);
  });
  return { server, port: (server.address() as { readonly port: number }).port };
}

/** Answers that this is not allowed. */
export function refuse(response: Parameters<RequestListener>[1]): void {
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end('403\n');
}

/** Whether a request was meant for this machine. The port may be another one: that of a tunnel. */
function isOwnHost({ headers: { host = '' } }: IncomingMessage): boolean {
  return OWN_NAMES.includes(host.replace(/:\d+$/u, ''));
}

function portError(port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return new PortError(`port ${port} is in use; expected one that is free`);
  if (error.code === 'EACCES') return new PortError(`port ${port} is not ours to use; expected one of 1024 or more`);
  return error;
}
