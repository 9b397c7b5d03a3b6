/** Where, when and with what a run ran: commit, machine and versions. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Provenance } from './run-record.ts';
import { sourceDigest } from './source-digest.ts';

/** Runs git with the given arguments and returns what it printed; throws when git is absent or fails. */
export type Git = (args: readonly string[]) => string;

/** The git of this machine, run in the source tree, whatever the current directory is. */
const sourceTreeGit: Git = (args) =>
  execFileSync('git', ['-C', import.meta.dirname, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const ROOT = join(import.meta.dirname, '../..');

/** What a package of the project was built from; undefined in a source tree. */
const BUILT = join(ROOT, 'built.json');
const built = existsSync(BUILT)
  ? (JSON.parse(readFileSync(BUILT, 'utf8')) as Pick<Provenance, 'commit' | 'dirty' | 'code'>)
  : undefined;

/** The digest of the present sources, see `sourceDigest`; of those that it was built from, in a package. */
export function presentCode(): string {
  return built?.code ?? sourceDigest(ROOT);
}

/** Describes this machine and this source tree for a run that starts at `startedAt`. Runs git twice and reads all sources. */
export function readProvenance(startedAt: Date, git: Git = sourceTreeGit): Provenance {
  return {
    ...(built ?? { ...readCommit(git), code: presentCode() }),
    startedAt: startedAt.toISOString(),
    node: process.version,
    kernel: `${type()} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** A commit in words: `0123456789`, `0123456789 with changes`; empty outside of a git repository. */
export function commitLabel({ commit, dirty }: Pick<Provenance, 'commit' | 'dirty'>): string {
  return commit === null ? '' : `${commit.slice(0, 10)}${dirty === true ? ' with changes' : ''}`;
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
