/** Where, when and with what a run ran: commit, machine and versions. */
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import type { Provenance } from './run-record.ts';

/** Runs git with the given arguments and returns what it printed; throws when git is absent or fails. */
export type Git = (args: readonly string[]) => string;

/** The git of this machine, run in the source tree, whatever the current directory is. */
const sourceTreeGit: Git = (args) =>
  execFileSync('git', ['-C', import.meta.dirname, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Describes this machine and this source tree for a run that starts at `startedAt`. Runs git twice. */
export function readProvenance(startedAt: Date, git: Git = sourceTreeGit): Provenance {
  const cores = cpus();
  return {
    ...readCommit(git),
    startedAt: startedAt.toISOString(),
    node: process.version,
    kernel: `${type()} ${release()}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
  };
}

/** The commit, and whether tracked or new files differ from it; nulls where git cannot tell. */
function readCommit(git: Git): Pick<Provenance, 'commit' | 'dirty'> {
  try {
    const commit = git(['rev-parse', 'HEAD']).trim();
    return { commit, dirty: git(['status', '--porcelain']).trim() !== '' };
  } catch {
    return { commit: null, dirty: null };
  }
}
