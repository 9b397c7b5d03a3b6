import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { PortError, serveLocally } from '../loopback.ts';
import { PageServer } from '../page-server.ts';
import { progressLine, sweepLine } from './live-lines.ts';

/** Asks for an address, and returns status, headers and body. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const sent = request(url, { headers, method }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return { status: response.statusCode, headers: response.headers, body };
}

describe('the server of the live page', () => {
  let server: PageServer;
  before(async () => {
    server = await PageServer.start(0, 'results <b>');
  });
  after(() => server.close());

  it('serves the page at an address with a token, which holds all that it needs', async () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/u);
    const { status, headers, body } = await ask(server.url);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(body, /results &lt;b&gt;/u);
    assert.doesNotMatch(body, /(?:src|href)="(?!data:)/u);
  });

  it('refuses whatever lacks the token', async () => {
    const { origin, pathname } = new URL(server.url);
    const wrong = `/${'A'.repeat(pathname.length - 2)}/`;
    for (const path of [
      '/',
      '/events',
      wrong,
      `${wrong}events`,
      pathname.slice(0, -1),
      `/x${pathname}`,
      '/favicon.ico',
    ]) {
      const { status, body } = await ask(`${origin}${path}`);
      assert.deepEqual([path, status, body], [path, 403, '403\n']);
    }
    assert.equal((await ask(`${server.url}nothing`)).status, 404);
    assert.equal((await ask(server.url, {}, 'POST')).status, 405);
  });

  it('refuses a request that was meant for another host', async () => {
    const { port } = new URL(server.url);
    for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
      assert.equal((await ask(server.url, { host })).status, 403, host);
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '[::1]:8080', 'localhost:4000']) {
      assert.equal((await ask(server.url, { host })).status, 200, host);
    }
  });

  it('listens on the loopback only', async () => {
    const { server: own } = await serveLocally(0, () => {});
    assert.equal((own.address() as { readonly address: string }).address, '127.0.0.1');
    own.close();
  });

  it('sends what was before, and what comes', async () => {
    server.send({ key: 'a', line: sweepLine(['fluid']) });
    const sent = request(`${server.url}events`).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) await once(response, 'data');
    };
    await until('"type":"sweep"');
    assert.match(text, /^event: hello\ndata: \n\ndata: \{"key":"a"/u);
    server.send({ key: 'a', line: progressLine(3) });
    await until('"type":"progress"');
    response.destroy();
  });

  it('says in a line that a port is in use', async () => {
    const { port } = new URL(server.url);
    const error = await serveLocally(Number(port), () => {}).catch((fault: unknown) => fault);
    assert.ok(error instanceof PortError);
    assert.equal(error.message, `port ${port} is in use; expected one that is free`);
  });
});
