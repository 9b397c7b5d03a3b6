/** Stands in for the process of a run: what it does is the title of the run. */
import { sampleSummary } from '../../report/tests/sample-run.ts';
import { writeResults } from '../../results/run-writer.ts';
import type { ChildMessage, RunMessage } from '../messages.ts';

const say = (message: ChildMessage) => process.send?.(message);
const sayLast = (message: ChildMessage) => process.send?.(message, () => process.disconnect());

const acts: Record<string, (message: RunMessage) => void> = {
  done: ({ directory, spec }) => {
    say({ type: 'progress', phase: 'run', elapsedS: 1, totalS: 3 });
    const digest = { records: 60000, sum: spec.seed.toString(16).padStart(16, '0') };
    const summary = sampleSummary({ digest, ...(spec.verify ? { verified: true } : {}) });
    const none = { timeline: [], ccdf: [], migrations: [], memory: [], scheduler: [] };
    writeResults(directory, { ...none, summary, histograms: () => {} });
    sayLast({ type: 'done', digest });
  },
  fail: () =>
    sayLast({ type: 'failed', message: 'worker 1: broken', stack: 'Error: worker 1: broken\n    at somewhere' }),
  'disk full': () =>
    sayLast({ type: 'failed', message: 'ENOSPC: no space left on device, write', stack: 'Error: ENOSPC' }),
  die: () => {
    process.stderr.write('out of everything\n', () => process.exit(7));
  },
  hang: () => say({ type: 'progress', phase: 'run', elapsedS: 0, totalS: 3 }),
};

process.on('message', (message: RunMessage) => acts[message.spec.title]?.(message));
