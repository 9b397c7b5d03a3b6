/** Runs the share of a run's workers that one process has on timely dataflow: in a process of its own, which reports by files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FIRST_TICK } from 'megaphone-engine';
import { LaunchError, type ProcessOptions } from 'megaphone-engine/runtime';
import { addressText } from '../../config/hosts.ts';
import type { RunSpec } from '../../config/run-spec.ts';
import type { RunPhase } from '../../report/phases.ts';
import type { Share } from '../launch-share.ts';
import type { ProgressListener } from '../observation.ts';
import { timelyProgram } from './build.ts';
import { timelySpec } from './spec.ts';

/** Characters of the program's complaint that are kept. */
const KEPT_CHARACTERS = 2000;

/**
 * What the workers of this process and those who watched them have recorded; the program is built before (`buildTimely`).
 *
 * @throws {LaunchError} when the program fails, in its words, or the signal aborts
 */
export async function launchTimely(
  spec: RunSpec,
  processes: ProcessOptions | undefined,
  onProgress: ProgressListener,
  signal: AbortSignal,
): Promise<Share> {
  const folder = mkdtempSync(join(tmpdir(), 'megaphone-timely-'));
  try {
    const files = { spec: join(folder, 'spec.json'), hosts: join(folder, 'hosts'), out: join(folder, 'results.json') };
    writeFileSync(files.spec, JSON.stringify(timelySpec(spec)));
    const args = ['run', '--until-eof', '--spec', files.spec, '--out', files.out, '-w', String(spec.topology.workers)];
    args.push('--progress-mode', spec.engine!.progressMode);
    if (processes !== undefined) {
      const { addresses, index } = processes;
      writeFileSync(files.hosts, addresses.map((address) => `${addressText(address)}\n`).join(''));
      args.push('-n', String(addresses.length), '-p', String(index), '-h', files.hosts);
    }
    await runProgram(args, onProgress, signal);
    return sinceFirstTick(JSON.parse(readFileSync(files.out, 'utf8')) as Share);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runProgram(args: readonly string[], onProgress: ProgressListener, signal: AbortSignal): Promise<void> {
  // Its standard input ends when this process does, in whichever way: then it ends, too.
  const child = spawn(timelyProgram(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-KEPT_CHARACTERS)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { phase, elapsedS, totalS } = JSON.parse(line) as { phase: RunPhase; elapsedS: number; totalS: number };
    onProgress(phase, elapsedS, totalS);
  });
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new LaunchError('the run was aborted', null, true);
  if (code === 0) return;
  const how = `the program on timely dataflow ended with ${killedBy ?? `exit code ${code}`}`;
  const last = complaint.trim().split('\n').at(-1) ?? '';
  throw new LaunchError(last === '' ? how : last, `${how}\n${complaint.trim()}`, false);
}

/** The program's ticks count from the start of the clock, ours from the beginning of loading. */
function sinceFirstTick({ results, observed }: Share): Share {
  const later = (ticks: number): number => ticks + FIRST_TICK;
  return {
    observed,
    results: results.map((result) => ({
      ...result,
      steps: result.steps.map((step) => ({
        ...step,
        time: later(step.time),
        issued: later(step.issued),
        completed: step.completed === null ? null : later(step.completed),
      })),
      departures: result.departures.map((departure) => ({ ...departure, time: later(departure.time) })),
    })),
  };
}
