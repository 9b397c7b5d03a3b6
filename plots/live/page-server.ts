/**
 * The page on which sweeps can be watched. Its address has a random token, without which everything is refused. What happens reaches the page
 * as server-sent events: `hello` first, then the sweeps that are known with all of their lines, then each line as it comes.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Server, ServerResponse } from 'node:http';
import type { LiveLine } from '../../experiments/report/live-lines.ts';
import { livePage } from './live-page.ts';
import { refuse, serveLocally } from './loopback.ts';
import { KEPT_SWEEPS } from './sweep-view.ts';

/** Headers of every answer: nothing is kept, nothing else is loaded, and no other page may hold this one. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;

/** What an event says: a line of a sweep. */
export interface SweepEvent {
  /** Which sweep. */
  readonly key: string;
  /** What it says; the first line of a sweep comes first. */
  readonly line: LiveLine;
}

/** Serves the page. */
export class PageServer {
  /** Its address. */
  readonly url: string;
  readonly #server: Server;
  readonly #clients = new Set<ServerResponse>();
  /** Events of each sweep that is kept, as they are sent. */
  readonly #events: Map<string, string[]>;

  /**
   * Starts to serve.
   *
   * @param port - where to listen; 0 is any that is free
   * @param folder - what is watched, for the page's heading
   * @throws {PortError} when the port cannot be had
   */
  static async start(port: number, folder: string): Promise<PageServer> {
    const token = randomBytes(24).toString('base64url');
    const clients = new Set<ServerResponse>();
    const events = new Map<string, string[]>();
    const page = livePage(folder);
    const served = await serveLocally(port, (request, response) => {
      const [, given = '', path = ''] = /^\/([^/?]*)\/([^/?]*)$/u.exec(request.url ?? '') ?? [];
      if (!isToken(given, token)) refuse(response);
      else if (request.method !== 'GET') response.writeHead(405, { ...HEADERS, allow: 'GET' }).end();
      else if (path === '')
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(page);
      else if (path === 'events') {
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
        response.write('event: hello\ndata: \n\n');
        for (const kept of events.values()) response.write(kept.join(''));
        clients.add(response);
        response.on('close', () => clients.delete(response));
      } else response.writeHead(404, HEADERS).end();
    });
    return new PageServer(`http://127.0.0.1:${served.port}/${token}/`, served.server, clients, events);
  }

  private constructor(url: string, server: Server, clients: Set<ServerResponse>, events: Map<string, string[]>) {
    this.url = url;
    this.#server = server;
    this.#clients = clients;
    this.#events = events;
  }

  /** Sends a line to all pages that are open, and keeps it for those to come. */
  send(event: SweepEvent): void {
    const text = `data: ${JSON.stringify(event)}\n\n`;
    const kept = this.#events.get(event.key);
    if (kept !== undefined) kept.push(text);
    else {
      this.#events.set(event.key, [text]);
      if (this.#events.size > KEPT_SWEEPS) this.#events.delete(this.#events.keys().next().value!);
    }
    for (const client of this.#clients) client.write(text);
  }

  /** Tells the pages that nothing follows, and stops to serve; they stay as they are. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.end('event: bye\ndata: \n\n');
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      setTimeout(() => this.#server.closeAllConnections(), 500).unref();
    });
  }
}

/** Whether a request has the token; the time that it takes does not tell how much of it is right. */
function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
