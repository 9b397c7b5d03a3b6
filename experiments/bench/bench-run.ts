/** A run of a benchmark as a user makes it: in a process of its own, by the driver, with its files in a folder that is removed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { RunSpec } from '../config/run-spec.ts';
import { runDirectory } from '../results/run-folders.ts';
import { readRun, type Run } from '../results/run-reader.ts';
import { makeRuns } from '../run/driver.ts';

/**
 * Makes a run.
 *
 * @param watched - whether it takes samples as if somebody watched it
 * @throws {Error} when it fails, with its stack
 */
export async function madeRun(spec: RunSpec, watched = false): Promise<Run> {
  const out = mkdtempSync(join(tmpdir(), 'megaphone-bench-'));
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    const { signal } = new AbortController();
    const { finished, failed } = await makeRuns([spec], {
      out,
      force: false,
      signal,
      stream,
      isWatched: () => watched,
    });
    if (finished.length === 0) throw new Error(failed?.stack ?? 'the run was stopped');
    return readRun(runDirectory(out, spec));
  } finally {
    rmSync(out, { recursive: true });
  }
}
