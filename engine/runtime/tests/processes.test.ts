import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';

import { controlMessage } from '../../transport/wire.ts';
import { freePorts, type GroupOptions, startGroup, startMember } from './process-group.ts';
import { type CountResult, keyOf, type WordInput } from './programs.ts';
import { sorted, type TimedRow } from './timed-rows.ts';

const input: WordInput = { total: 20_000, perTick: 10, domain: 500 };
const settings = { rows: 16, slots: 2 };

function options(program: string, args: unknown, peers: number): GroupOptions {
  return { program, args, peers, settings, heapBytes: 2 ** 26, connectMs: 10_000 };
}

const values = (rows: readonly TimedRow[]): TimedRow[] => sorted(rows.map((row) => ({ time: 0, values: row.values })));

function expectedCounts(): TimedRow[] {
  const counts = new Map<number, number>();
  return Array.from({ length: input.total }, (_, n) => {
    const key = keyOf(n, input);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { time: 0, values: [key, counts.get(key)!] };
  });
}

const migrating = { ...input, strategy: 'fluid', binShift: 4, handoff: 'copy', rehearsed: true } as const;

for (const [processes, workers, strategy] of [
  [2, 1, 'all-at-once'],
  [2, 1, 'fluid'],
  [2, 2, 'fluid'],
  [4, 1, 'all-at-once'],
  [4, 4, 'fluid'],
] as const) {
  describe(`${processes} processes of ${workers} workers`, () => {
    it(`count words as the oracle does while bins move, ${strategy}`, async () => {
      const args = { ...migrating, strategy };
      const group = await startGroup(processes, options('migratingCount', args, processes * workers));
      const results = (await Promise.all(group.map((member) => member.results))).flat() as CountResult[];
      assert.equal(results.length, processes * workers);
      assert.deepEqual(values(results.flatMap(({ rows }) => rows)), sorted(expectedCounts()));
      assert.equal(results.reduce((sum, { departed }) => sum + departed, 0), 8); // prettier-ignore
    });
  });
}

describe('processes', () => {
  it('all end when a worker of one fails, and say why', async () => {
    const group = await startGroup(2, options('failing', { ...input, on: 1 }, 2));
    const message = 'worker 1, operator inspect#2: RangeError: cannot take any record';
    await assert.rejects(group[1]!.results, { message });
    await assert.rejects(group[0]!.results, { message: `process 1 stopped: ${message}` });
  });

  it('all end when one is killed, and say which', async () => {
    const group = await startGroup(3, options('endless', null, 3));
    await Promise.all(group.map((member) => member.started));
    group[1]!.child.kill('SIGKILL');
    for (const index of [0, 2]) {
      await assert.rejects(group[index]!.results, {
        message: /^process (?:1 was lost: its connection was closed|[02] stopped: process 1 was lost)/,
      });
    }
  });

  it('end whenever one is killed', async () => {
    const kills = 4 * Number(process.env['MEGAPHONE_SIMULATIONS'] ?? 1);
    for (let kill = 0; kill < kills; kill++) {
      const group = await startGroup(2, options('endless', null, 2));
      // At any moment from before they are connected on, and while they run.
      if (kill % 4 > 1) await Promise.all(group.map((member) => member.started));
      await new Promise((resolve) => setTimeout(resolve, (kill * 397) % 1500));
      const killed = kill % 2;
      group[killed]!.child.kill('SIGKILL');
      const other = group[1 - killed]!;
      const message = new RegExp(
        `^(?:process ${killed} (?:was lost|at .* c)|no connection with process ${killed})`,
        'u',
      );
      await assert.rejects(other.results, { message });
    }
  });

  it('all end when one is stopped, and say which', async () => {
    const group = await startGroup(2, options('endless', null, 2));
    await Promise.all(group.map((member) => member.started));
    group[0]!.child.kill('SIGSTOP');
    await assert.rejects(group[1]!.results, { message: 'process 0 was lost: nothing came from it for 3 s' });
    group[0]!.child.kill('SIGKILL');
  });

  it('wait for one that starts late, and not for ever', async () => {
    const ports = await freePorts(2);
    const wanted = options('exchanging', input, 2);
    const first = startMember(ports, 1, wanted);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const second = startMember(ports, 0, wanted);
    const rows = (await Promise.all([first.results, second.results])).flat(2) as TimedRow[];
    assert.equal(rows.length, input.total);
    const alone = startMember(await freePorts(2), 0, { ...wanted, connectMs: 300 });
    await assert.rejects(alone.results, {
      message: /^no connection with process 1 \(127\.0\.0\.1:\d+: ECONNREFUSED\) within 0\.3 s$/,
    });
  });

  it('refuse each other when they run something else, or do not know the token', async () => {
    for (const [changes, reason] of [
      [{ digest: 'other' }, 'runs something else'],
      [{ token: 'wrong' }, 'does not know the token'],
    ] as const) {
      const ports = await freePorts(2);
      const wanted = { ...options('exchanging', input, 2), connectMs: 1500 };
      const listening = startMember(ports, 0, wanted);
      const connecting = startMember(ports, 1, wanted, changes);
      // Who is refused first ends, and cannot be reached by the other any more.
      const ends = await Promise.allSettled([listening.results, connecting.results]);
      const messages = ends.map((end) => (end.status === 'rejected' ? String((end.reason as Error).message) : ''));
      for (const message of messages) assert.match(message, /^process \d at 127\.0\.0\.1:\d+|^no connection with/u);
      assert.match(messages.join('\n'), new RegExp(`^process \\d at 127\\.0\\.0\\.1:\\d+: .*${reason}`, 'mu'));
    }
  });

  it('refuse what is no peer, and go on', async () => {
    const ports = await freePorts(2);
    const wanted = options('exchanging', input, 2);
    const listening = startMember(ports, 0, wanted);
    const speak = async (bytes: Buffer): Promise<void> => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const heard = await new Promise<boolean>((resolve) => {
          const socket = connect(ports[0]!, '127.0.0.1', () => socket.write(bytes));
          socket.on('error', () => resolve(false));
          socket.on('data', () => {});
          socket.on('close', (hadError) => resolve(!hadError));
        });
        if (heard) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.fail('nobody listens');
    };
    await speak(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await speak(controlMessage({ type: 'hello', version: 99, process: 1, nonce: '' }));
    const connecting = startMember(ports, 1, wanted);
    const rows = (await Promise.all([listening.results, connecting.results])).flat(2) as TimedRow[];
    assert.equal(rows.length, input.total);
    assert.deepEqual(
      listening.notes.map((note) => note.replace('refused a connection from 127.0.0.1: ', '')),
      ['a message of kind 542393671; expected 1 to 3', 'protocol version 99; expected 4'],
    );
  });

  it('say in one line that a port is in use', async () => {
    const [port] = await freePorts(1);
    const first = startMember([port!, 1], 0, options('endless', null, 2));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const second = startMember([port!, 1], 0, options('endless', null, 2));
    await assert.rejects(second.results, { message: `127.0.0.1:${port} is in use` });
    first.child.kill('SIGKILL');
    await assert.rejects(first.results);
  });
});
