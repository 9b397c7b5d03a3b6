import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ProcessReaders, ProcessSampler } from '../process-sampler.ts';

/** Readers over a changing set of files; `open` holds the paths of those that are open. */
function readersOf(files: Record<string, string>, open: string[] = []): ProcessReaders {
  const readProc = (path: string): string => {
    const text = files[path];
    if (text === undefined) {
      throw new Error(`ENOENT ${path}`);
    }
    return text;
  };
  return {
    rssBytes: () => 4096,
    pageFaults: () => ({ minorPageFault: 12, majorPageFault: 3 }),
    readProc,
    openProc: (path) => {
      readProc(path);
      open.push(path);
      return { read: () => readProc(path), close: () => void open.splice(open.indexOf(path), 1) };
    },
    listProc: (path) => {
      const names = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      if (names.length === 0) throw new Error(`ENOENT ${path}`);
      return names.map((file) => file.slice(path.length + 1).split('/')[0]!);
    },
  };
}

const stat = (steal: number) => `cpu  100 0 50 9000 5 0 2 ${steal} 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n`;

describe('ProcessSampler', () => {
  it('reports what happened to each thread since the previous call', () => {
    const files: Record<string, string> = {
      '/proc/stat': stat(7),
      '/proc/self/task/11/schedstat': '1000 500 3\n',
      '/proc/self/task/12/schedstat': '0 0 0\n',
    };
    const sampler = new ProcessSampler(assert.fail, readersOf(files));
    sampler.watch(0, 11);
    sampler.watch(1, 12);
    files['/proc/self/task/11/schedstat'] = '1500 600 4\n';
    sampler.start();
    files['/proc/stat'] = stat(9);
    files['/proc/self/task/11/schedstat'] = '3500 700 5\n';
    files['/proc/self/task/12/schedstat'] = '250000000 1 9\n';
    assert.deepEqual(sampler.schedulerRows(0), [
      { epoch: 0, worker: 0, onCpuNs: 2000, runQueueWaitNs: 100, stealMs: 20 },
      { epoch: 0, worker: 1, onCpuNs: 250_000_000, runQueueWaitNs: 1, stealMs: 20 },
    ]);
    assert.deepEqual(sampler.schedulerRows(1), [
      { epoch: 1, worker: 0, onCpuNs: 0, runQueueWaitNs: 0, stealMs: 0 },
      { epoch: 1, worker: 1, onCpuNs: 0, runQueueWaitNs: 0, stealMs: 0 },
    ]);
  });

  it('sums up what the threads took that are not workers', () => {
    const files: Record<string, string> = {
      '/proc/stat': stat(7),
      '/proc/self/task/10/schedstat': '5000 500 30\n',
      '/proc/self/task/11/schedstat': '1000 500 3\n',
      '/proc/self/task/13/schedstat': '900 0 2\n',
    };
    const sampler = new ProcessSampler(assert.fail, readersOf(files));
    sampler.watch(0, 11);
    sampler.start();
    assert.deepEqual(sampler.others(), { onCpuNs: 0, slices: 0 });
    files['/proc/self/task/10/schedstat'] = '7000 500 35\n';
    files['/proc/self/task/11/schedstat'] = '900000 500 99\n';
    // One began, another ended.
    files['/proc/self/task/12/schedstat'] = '100 0 1\n';
    delete files['/proc/self/task/13/schedstat'];
    assert.deepEqual(sampler.others(), { onCpuNs: 2100, slices: 6 });
  });

  it('reports memory with what the caller knows', () => {
    assert.deepEqual(new ProcessSampler(assert.fail, readersOf({})).memoryRow(1.5, 100, 20), {
      timeS: 1.5,
      rssBytes: 4096,
      stateBytes: 100,
      queuedBytes: 20,
      minorFaults: 12,
      majorFaults: 3,
    });
  });

  it('reports zeros without /proc, and says so once', () => {
    const said: string[] = [];
    const sampler = new ProcessSampler((message) => said.push(message), readersOf({}));
    sampler.watch(0, 11);
    sampler.watch(1, undefined);
    sampler.start();
    assert.deepEqual(sampler.schedulerRows(0), [{ epoch: 0, worker: 0, onCpuNs: 0, runQueueWaitNs: 0, stealMs: 0 }]);
    assert.deepEqual(said, [
      "/proc/self/task/11/schedstat cannot be read: scheduler.csv will lack the scheduler's delays",
    ]);
  });

  it('takes a file of another form for missing', () => {
    const said: string[] = [];
    const files = { '/proc/stat': 'unknown\n', '/proc/self/task/11/schedstat': 'x y z\n' };
    const sampler = new ProcessSampler((message) => said.push(message), readersOf(files));
    sampler.watch(0, 11);
    assert.deepEqual(sampler.schedulerRows(4), [{ epoch: 4, worker: 0, onCpuNs: 0, runQueueWaitNs: 0, stealMs: 0 }]);
    assert.equal(said.length, 1);
  });

  it('opens a file once, and closes all', () => {
    const open: string[] = [];
    const files = { '/proc/stat': stat(0), '/proc/self/task/11/schedstat': '1 2 3\n' };
    const sampler = new ProcessSampler(assert.fail, readersOf(files, open));
    sampler.watch(0, 11);
    sampler.start();
    sampler.schedulerRows(0);
    assert.deepEqual(open, ['/proc/self/task/11/schedstat', '/proc/stat']);
    sampler.close();
    assert.deepEqual(open, []);
  });

  it('samples this process', () => {
    const sampler = new ProcessSampler(() => undefined);
    sampler.watch(0, process.pid);
    sampler.start();
    const row = sampler.memoryRow(0, 0, 0);
    assert.ok(row.rssBytes > 1e6);
    assert.ok(row.minorFaults > 0);
    for (const { onCpuNs, runQueueWaitNs } of sampler.schedulerRows(0)) {
      assert.ok(onCpuNs >= 0 && runQueueWaitNs >= 0);
    }
    sampler.close();
  });
});
