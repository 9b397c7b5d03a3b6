import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { freePorts, LOOPBACK } from '../free-ports.ts';

it('free ports are distinct, can be listened on, and are none that somebody listens on', async () => {
  const before = await freePorts(3);
  assert.equal(new Set(before).size, 3);
  const servers = before.map((port) => createServer().listen(port, LOOPBACK));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    for (const port of await freePorts(3)) assert.ok(!before.includes(port), String(port));
  } finally {
    for (const server of servers) server.close();
  }
});
