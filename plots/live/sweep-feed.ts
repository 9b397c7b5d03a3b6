/** Follows the sweeps of a folder of results: those that go on when it is opened, and all that begin later. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveLine, LiveSweepLine } from '../../experiments/report/live-lines.ts';
import { liveProcessOf, namesIn } from '../../experiments/results/live-files.ts';
import { isAlive } from '../../experiments/results/run-attempt.ts';

/** A process of another host that shares the disk counts as alive while its file was written to within this time. */
const SILENCE_MS = 10_000;

/** Told about sweeps. */
export interface SweepListener {
  /** A sweep was found, which is called `key` from now on. */
  onSweep(key: string, line: LiveSweepLine): void;
  /** It has said something. After the line `over` nothing follows. */
  onLine(key: string, line: LiveLine): void;
}

/** A file that is followed. */
interface Followed {
  readonly file: number;
  readonly processId: number;
  /** The end of what was read: a line of which the rest is not there. */
  rest: string;
  offset: number;
  isKnown: boolean;
  isOver: boolean;
}

/** Looks into a folder of results, or that of an experiment, whenever it is asked to. */
export class SweepFeed {
  readonly #folder: string;
  readonly #onlyProcess: number | undefined;
  readonly #listener: SweepListener;
  readonly #followed = new Map<string, Followed>();
  readonly #buffer = Buffer.alloc(2 ** 16);

  /** Follows the sweeps of one process, or of all. The folder need not exist. */
  constructor(folder: string, onlyProcess: number | undefined, listener: SweepListener) {
    this.#folder = folder;
    this.#onlyProcess = onlyProcess;
    this.#listener = listener;
  }

  /** Tells what has happened since the last call. */
  poll(): void {
    for (const directory of [this.#folder, ...namesIn(this.#folder).map((name) => join(this.#folder, name))]) {
      for (const name of namesIn(directory)) this.#open(join(directory, name), liveProcessOf(name));
    }
    for (const [path, followed] of this.#followed) {
      this.#read(path, followed);
      if (!followed.isOver && this.#isLost(followed)) {
        // What it wrote before it died, and after it was read.
        this.#read(path, followed);
        if (!followed.isOver && followed.isKnown) this.#tell(path, followed, { type: 'over', status: 'interrupted' });
        followed.isOver = true;
      }
      if (followed.isOver) this.#forget(path, followed);
    }
  }

  /** Follows nothing any more. */
  close(): void {
    for (const [path, followed] of this.#followed) this.#forget(path, followed);
  }

  #open(path: string, processId: number | undefined): void {
    if (processId === undefined || this.#followed.has(path)) return;
    if (this.#onlyProcess !== undefined && processId !== this.#onlyProcess) return;
    try {
      const followed = { file: openSync(path, 'r'), processId, rest: '', offset: 0, isKnown: false, isOver: false };
      // What a dead process left is no news.
      if (this.#isLost(followed)) closeSync(followed.file);
      else this.#followed.set(path, followed);
    } catch (error) {
      // It was removed meanwhile, or is not ours to read.
      if (!(error instanceof Error && 'syscall' in error)) throw error;
    }
  }

  #read(path: string, followed: Followed): void {
    for (;;) {
      const bytes = readSync(followed.file, this.#buffer, 0, this.#buffer.length, followed.offset);
      if (bytes === 0) return;
      followed.offset += bytes;
      // Bytes as they are: a letter may be cut in two.
      followed.rest += this.#buffer.toString('latin1', 0, bytes);
      const lines = followed.rest.split('\n');
      followed.rest = lines.pop()!;
      for (const text of lines) {
        this.#tell(path, followed, JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as LiveLine);
      }
    }
  }

  #tell(path: string, followed: Followed, line: LiveLine): void {
    if (line.type === 'sweep') {
      followed.isKnown = true;
      this.#listener.onSweep(path, line);
    }
    if (line.type === 'over') followed.isOver = true;
    this.#listener.onLine(path, line);
  }

  #isLost({ file, processId }: Followed): boolean {
    return !isAlive(processId) && Date.now() - fstatSync(file).mtimeMs > SILENCE_MS;
  }

  #forget(path: string, { file }: Followed): void {
    closeSync(file);
    this.#followed.delete(path);
  }
}
