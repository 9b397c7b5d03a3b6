/**
 * A process that makes a run: writes all files, says that it is ready, and publishes when it is told to. Its argument is the results
 * folder; its results hold its own process number.
 */
import { beginRun, publishRun } from '../run-attempt.ts';
import { runDirectory } from '../run-folders.ts';
import { writeResults } from '../run-writer.ts';
import { provenance, results, spec } from './example-run.ts';

const [out = '', keepsOther] = process.argv.slice(2);
const directory = runDirectory(out, spec);
const attempt = beginRun(directory, spec, { ...provenance, memoryBytes: process.pid });
writeResults(attempt, {
  ...results,
  timeline: [{ ...results.timeline[0]!, records: process.pid }],
  summary: { ...results.summary, loadedRecords: process.pid },
});
process.once('message', () => {
  process.send?.({ isOurs: publishRun(attempt, directory, () => keepsOther === 'keep') }, () => process.disconnect());
});
process.send?.({ ready: true });
