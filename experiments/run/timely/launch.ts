/** Runs the share of a run's workers that one process has on timely dataflow: in a process of its own, which reports by files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CLOSED, FIRST_TICK } from 'megaphone-engine';
import type { StepRecord } from 'megaphone-engine/planning';
import { LaunchError } from 'megaphone-engine/runtime';
import { addressText } from '../../config/hosts.ts';
import type { LiveStep, WorkerNews, WorkerPlace } from '../../metrics/live-records.ts';
import type { LiveShare } from '../../metrics/live-sample.ts';
import type { RunPhase } from '../../report/phases.ts';
import type { Share, ShareOptions } from '../launch-share.ts';
import type { ProgressListener } from '../observation.ts';
import { Silence, SILENT } from '../signs-of-life.ts';
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
  { spec, processes, watchedFile }: ShareOptions,
  onProgress: ProgressListener,
  signal: AbortSignal,
): Promise<Share> {
  const folder = mkdtempSync(join(tmpdir(), 'megaphone-timely-'));
  try {
    const files = { spec: join(folder, 'spec.json'), hosts: join(folder, 'hosts'), out: join(folder, 'results.json') };
    writeFileSync(files.spec, JSON.stringify(timelySpec(spec)));
    const args = ['run', '--until-eof', '--spec', files.spec, '--out', files.out, '-w', String(spec.topology.workers)];
    args.push('--progress-mode', spec.engine!.progressMode);
    if (watchedFile !== undefined) args.push('--watched', watchedFile);
    if (processes !== undefined) {
      const { addresses, index } = processes;
      writeFileSync(files.hosts, addresses.map((address) => `${addressText(address)}\n`).join(''));
      args.push('-n', String(addresses.length), '-p', String(index), '-h', files.hosts);
    }
    await runProgram({ args, isDone: () => existsSync(files.out) }, onProgress, signal);
    return sinceFirstTick(JSON.parse(readFileSync(files.out, 'utf8')) as Share);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How the program is called, and whether it has begun to write its results. */
interface ProgramCall {
  readonly args: readonly string[];
  readonly isDone: () => boolean;
}

async function runProgram(
  { args, isDone }: ProgramCall,
  onProgress: ProgressListener,
  signal: AbortSignal,
): Promise<void> {
  // Its standard input ends when this process does, in whichever way: then it ends, too.
  const child = spawn(timelyProgram(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let isSilent = false;
  const silence = new Silence(() => {
    if (isDone()) return;
    isSilent = true;
    stop();
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-KEPT_CHARACTERS)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    silence.heard();
    const { phase, elapsedS, totalS, share } = JSON.parse(line) as ProgressText;
    onProgress(phase, elapsedS, totalS, share && liveSinceFirstTick(share));
  });
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', stop);
  silence.end();
  if (signal.aborted) throw new LaunchError('the run was aborted', null, true);
  if (code === 0) return;
  if (isSilent) throw new LaunchError(`the program on timely dataflow is lost: ${SILENT}`, null, false);
  const how = `the program on timely dataflow ended with ${killedBy ?? `exit code ${code}`}`;
  const last = complaint.trim().split('\n').at(-1) ?? '';
  throw new LaunchError(last === '' ? how : last, `${how}\n${complaint.trim()}`, false);
}

/** A line of the program's progress. */
interface ProgressText {
  readonly phase: RunPhase;
  readonly elapsedS: number;
  readonly totalS: number;
  readonly share?: LiveShareText;
}

/** What the program tells of its workers; a frontier that is closed is left out. */
type LiveShareText = Omit<LiveShare, 'workers'> & {
  readonly workers: readonly (Omit<WorkerNews, 'place'> & {
    readonly place?: Omit<WorkerPlace, 'frontier'> & { readonly frontier?: number };
  })[];
};

/** The program's ticks count from the start of the clock, ours from the beginning of loading. */
function later(ticks: number): number {
  return ticks + FIRST_TICK;
}

function laterStep<Step extends StepRecord | LiveStep>(step: Step): Step {
  const completed = step.completed === null ? null : later(step.completed);
  return { ...step, time: later(step.time), issued: later(step.issued), completed };
}

function liveSinceFirstTick({ workers, ...memory }: LiveShareText): LiveShare {
  return {
    ...memory,
    workers: workers.map(({ place, epochs, steps, departures }) => ({
      place: place && { ...place, frontier: place.frontier === undefined ? CLOSED : later(place.frontier) },
      epochs,
      steps: steps.map(laterStep),
      departures: departures.map((departure) => ({ ...departure, time: later(departure.time) })),
    })),
  };
}

function sinceFirstTick({ results, observed }: Share): Share {
  return {
    observed,
    results: results.map((result) => ({
      ...result,
      steps: result.steps.map(laterStep),
      departures: result.departures.map((departure) => ({ ...departure, time: later(departure.time) })),
    })),
  };
}
