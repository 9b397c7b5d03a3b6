import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { hashKey } from '../../dataflow/hash.ts';
import { FIRST_TICK } from '../../progress/timestamp.ts';
import { launch, LaunchError, type LaunchOptions } from '../threads.ts';
import { type CountResult, type IdleResult, keyOf, type WordInput } from './programs.ts';
import { sorted, type TimedRow } from './timed-rows.ts';

const module = new URL('./programs.ts', import.meta.url);
const small = { rows: 16, slots: 2 };
const input: WordInput = { total: 20_000, perTick: 10, domain: 500 };
const WORKERS = [1, 2, 4];

/** Launches a program and keeps the operating system's ids of its threads. */
function run<R>(program: string, args: unknown, peers: number, options: Partial<LaunchOptions> = {}) {
  const threadIds: (number | null)[] = [];
  const onBuilt = (ids: readonly (number | null)[]): void => void threadIds.push(...ids);
  const dataflow = launch<R>({
    module,
    program,
    args,
    peers,
    settings: small,
    onBuilt,
    heapBytes: 2 ** 26,
    ...options,
  });
  return { launched: dataflow.results, frontiers: () => dataflow.frontiers(), threadIds };
}

/** The times of records are those of their batches, which differ from run to run: only the values are compared. */
function values(rows: readonly TimedRow[]): TimedRow[] {
  return sorted(rows.map((row) => ({ time: 0, values: row.values })));
}

/** The threads end; the operating system may list one for a moment after it was joined. */
async function assertEnded(threadIds: readonly (number | null)[]): Promise<void> {
  if (!existsSync('/proc/self/task')) return;
  const alive = (): (number | null)[] => {
    const listed = readdirSync('/proc/self/task').map(Number);
    return threadIds.filter((id) => id !== null && listed.includes(id));
  };
  for (let look = 0; look < 100 && alive().length > 0; look++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(alive(), []);
}

for (const peers of WORKERS) {
  describe(`${peers} worker thread${peers === 1 ? '' : 's'}`, () => {
    it('exchange every record to the worker of its key, at or before its intended time', async () => {
      const { launched } = run<TimedRow[]>('exchanging', input, peers);
      const results = await launched;
      const expected = Array.from({ length: input.total }, (_, n) => ({ time: 0, values: [keyOf(n, input)] }));
      assert.deepEqual(values(results.flat()), sorted(expected));
      results.forEach((rows, worker) => {
        for (const { time, values: key } of rows) {
          assert.equal(((hashKey(key[0]!) >>> 16) * peers) >>> 16, worker);
          assert.ok(time >= FIRST_TICK && time <= FIRST_TICK + input.total / input.perTick);
        }
      });
    });

    for (const [strategy, handoff, rehearsed] of [
      ['all-at-once', 'copy', true],
      ['all-at-once', 'share', false],
      ['fluid', 'copy', false],
      ['fluid', 'share', true],
    ] as const) {
      it(`count words as the oracle does while bins move, ${strategy}, ${handoff}`, async () => {
        const args = { ...input, strategy, binShift: 4, handoff, rehearsed };
        const { launched, threadIds } = run<CountResult>('migratingCount', args, peers);
        const results = await launched;
        const counts = new Map<number, number>();
        const expected = Array.from({ length: input.total }, (_, n) => {
          const key = keyOf(n, input);
          counts.set(key, (counts.get(key) ?? 0) + 1);
          return { time: 0, values: [key, counts.get(key)!] };
        });
        assert.deepEqual(values(results.flatMap(({ rows }) => rows)), sorted(expected));
        const departed = results.reduce((sum, result) => sum + result.departed, 0);
        assert.equal(departed, peers === 1 ? 0 : 8);
        assert.equal(results[0]!.completed, results[0]!.issued);
        await assertEnded(threadIds);
      });
    }

    it('end with the worker, the operator and the stack when an operator fails', async () => {
      const { launched, threadIds } = run('failing', { ...input, on: peers - 1 }, peers);
      await assert.rejects(launched, (error) => {
        assert.ok(error instanceof LaunchError);
        assert.equal(error.message, `worker ${peers - 1}, operator inspect#2: RangeError: cannot take any record`);
        assert.match(error.stack!, /refuseRecords/);
        assert.equal(error.aborted, false);
        return true;
      });
      await assertEnded(threadIds);
    });

    it('end when the caller aborts', async () => {
      const abort = new AbortController();
      const { launched, threadIds } = run('endless', null, peers, {
        signal: abort.signal,
        onStarted: () => abort.abort(),
      });
      await assert.rejects(launched, { name: 'LaunchError', message: 'the run was aborted', aborted: true });
      await assertEnded(threadIds);
    });
  });
}

describe('the launcher', () => {
  it('refuses workers that build different graphs', async () => {
    const { launched, threadIds } = run('different', input, 3);
    await assert.rejects(launched, {
      name: 'GraphError',
      message: /^worker 2 built another graph than worker 0: found "relay#1 \(key float64\)"; expected "nothing"$/,
    });
    await assertEnded(threadIds);
  });

  it('says what is wrong with a graph that cannot be built', async () => {
    const { launched } = run('unbuildable', input, 2);
    await assert.rejects(launched, {
      name: 'LaunchError',
      message: /^worker [01]: SchemaError: exchange words#0\.output\[0\] -> relay#1\.input\[0\]: no column "kye"/,
    });
  });

  it('says when the module does not export the program', async () => {
    const { launched } = run('missing', null, 1);
    await assert.rejects(launched, { name: 'LaunchError', message: /programs\.ts does not export missing/ });
  });

  it('refuses a run that was aborted before it began, and a number of workers that cannot be', async () => {
    const { launched } = run('exchanging', input, 2, { signal: AbortSignal.abort() });
    await assert.rejects(launched, { name: 'LaunchError', aborted: true });
    for (const peers of [0, 1.5, -1]) {
      await assert.rejects(run('exchanging', input, peers).launched, {
        name: 'EngineError',
        message: `workers: ${peers}; expected an integer from 1 on`,
      });
    }
  });

  it('rejects the results, however late somebody asks, when memory or arguments cannot be had', async () => {
    const noMemory = run('exchanging', input, 1, { heapBytes: -1 }).launched;
    let reads = 0;
    const onceOnly = {
      get value(): number {
        if (reads++ > 0) throw new Error('read twice');
        return 0;
      },
    };
    const unclonable = run('endless', onceOnly, 3).launched;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await assert.rejects(noMemory, { name: 'EngineError', message: 'heapBytes: -1; expected a number above 0' });
    await assert.rejects(unclonable, { message: 'read twice' });
  });

  it('starts the clock once all workers are ready, and a ready worker steps until then', async () => {
    const results = await run<number>('readyOnEcho', null, 2).launched;
    assert.deepEqual(results, [2, 2]);
  });

  it('shows the frontiers of a running dataflow', async () => {
    const abort = new AbortController();
    const shown: unknown[] = [];
    const { launched, frontiers } = run('endless', null, 2, {
      signal: abort.signal,
      onStarted: () => {
        shown.push(...frontiers().map(({ output, workers }) => [output, workers.length]));
        abort.abort();
      },
    });
    assert.deepEqual(frontiers(), []);
    await assert.rejects(launched, { aborted: true });
    assert.deepEqual(shown, [
      ['silent#0.output[0]', 2],
      ['relay#1.output[0]', 2],
    ]);
  });

  it('ends a dataflow that makes no progress although records wait, with every frontier', async () => {
    const { launched, threadIds } = run('stalling', null, 2, { stallMs: 500 });
    await assert.rejects(launched, {
      name: 'StallError',
      message: /^no frontier rose for 0\.5 s while records or bins wait; .*words#0\.output\[0\] \+\d+, \+\d+; /,
    });
    await assertEnded(threadIds);
  });

  it('lets idle workers sleep', { skip: !existsSync('/proc/thread-self/schedstat') }, async () => {
    const { launched } = run<IdleResult>('idling', { records: 3 }, 2);
    const results = await launched;
    assert.equal(
      results.reduce((sum, { records }) => sum + records, 0),
      3,
    );
    for (const { cpuNs, wallNs } of results) {
      // Not a measurement of speed: a worker that spins uses all of the time, one that sleeps next to nothing of it, and
      // the processor time of the thread alone counts, however busy the machine is.
      assert.ok(cpuNs < wallNs / 2, `${cpuNs} ns on the processor in ${wallNs} ns; expected less than half`);
    }
  });
});
