/** How the first process of a run starts one on another host: by ssh, whose pipes it talks to it over. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { presentCode } from '../results/provenance.ts';
import { endChild, PEER_PROGRAM, type PeerChannel, type PeerOrder, type PeerResults, settle } from './peer-channels.ts';
import { PeerOutput } from './peer-output.ts';
import { giveSigns, SILENT } from './signs-of-life.ts';

/** Nobody is there to answer questions; a host that does not answer at the start is given up. */
const OPTIONS = ['BatchMode=yes', 'ConnectTimeout=30'];

/** The exit code of ssh when it has failed itself. */
const SSH_FAILED = 255;

/** Exit codes of a shell that cannot run what it is told to. */
const NOT_RUNNABLE = [126, 127];

/** Characters of the remote complaint that are kept. */
const KEPT_CHARACTERS = 4000;

/** Where the project stands here, and has to stand there. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a process on another host, where this program stands at the same place. `MEGAPHONE_SSH` names another program than ssh. */
export function startOver(host: string, order: PeerOrder): PeerChannel {
  const program = process.env['MEGAPHONE_SSH'] ?? 'ssh';
  const command = `exec ${[process.execPath, ...process.execArgv, PEER_PROGRAM].map(quoted).join(' ')}`;
  const options = ['-T', ...OPTIONS.flatMap((option) => ['-o', option])];
  const child = spawn(program, [...options, host, command], { stdio: 'pipe' });
  const output = new PeerOutput();
  let complaint = '';
  // A shell that ended without reading is reported by its exit code. What it is told to do is kept open: its end says stop.
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify({ ...order, code: presentCode() } satisfies PeerOrder)}\n`);
  const signs = giveSigns((sign) => child.stdin.write(sign));
  child.stdout.on('data', (chunk: Buffer) => output.take(chunk));
  child.stderr
    .setEncoding('utf8')
    .on('data', (chunk: string) => (complaint = (complaint + chunk).slice(-KEPT_CHARACTERS)));
  const { index } = order.processes;
  const report = new Promise<PeerResults>((resolve, reject) => {
    const refuse = (error: Error): void => {
      if (complaint.trim().includes('\n'))
        error.stack = `${error.stack ?? error.message}\n${host}: ${complaint.trim()}`;
      reject(error);
    };
    void output.silent.then(() => reject(withoutTrace(`process ${index} on ${host} is lost: ${SILENT}`)));
    child.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      reject(withoutTrace(`process ${index}: no ssh to ${host}: ${program} cannot be run (${code ?? message})`));
    });
    child.on('close', (code, signal) => {
      clearInterval(signs);
      output.end();
      const last = output.report();
      if (last !== undefined) settle(last, resolve, refuse);
      else refuse(withoutTrace(problemOf({ index, host, isReady: output.isReady, code, signal, complaint })));
    });
  });
  return { ready: output.ready, report, end: () => endChild(child) };
}

/** How a process on another host ended that has reported nothing. */
interface SilentEnd {
  readonly index: number;
  readonly host: string;
  readonly isReady: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaint: string;
}

/** What is wrong, in one line. */
function problemOf({ index, host, isReady, code, signal, complaint }: SilentEnd): string {
  const reason = reasonOf(complaint);
  if (code === SSH_FAILED && !isReady) {
    const check = `ssh -o BatchMode=yes ${host} true`;
    return `process ${index}: no ssh to ${host}: ${reason || 'it does not say why'}; expected "${check}" to succeed`;
  }
  if (code !== null && (NOT_RUNNABLE.includes(code) || /Cannot find module/u.test(reason))) {
    return `process ${index} on ${host}: ${reason}; expected there, as here, ${expectedThere()}`;
  }
  const how = `ended with ${signal ?? `exit code ${code}`} before it was done`;
  return `process ${index} on ${host} ${how}${reason === '' ? '' : `: ${reason}`}`;
}

/** The line of a complaint that says most: that of an error of Node, or else the last. */
function reasonOf(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.trim());
  const line = lines.findLast((text) => /^\w*Error: /u.test(text)) ?? lines.findLast((text) => text !== '') ?? '';
  return line.replace(/^ssh: /u, '').replace(/\.$/u, '');
}

function expectedThere(): string {
  const project = `the project with its packages in ${ROOT.replace(/\/$/u, '')}`;
  return process.execPath.startsWith(ROOT) ? project : `${project}, and Node in ${dirname(process.execPath)}`;
}

/** An error whose place in the program says nothing. */
function withoutTrace(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** A word of a shell's command line. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
