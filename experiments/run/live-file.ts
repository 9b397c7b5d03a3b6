/** The file in which a sweep tells how far it is. A disk that does not take it leaves it unfinished: the runs are worth more. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveLine, LiveSweepLine } from '../report/live-lines.ts';
import { liveFileName, unlessRefused } from '../results/live-files.ts';

/** Writes the lines of one sweep. */
export class LiveFile {
  readonly #path: string;
  #file: number | undefined;

  /** Makes the file in an experiment's folder, which is made when it is missing, with its first line. */
  constructor(directory: string, sweep: LiveSweepLine) {
    this.#path = join(directory, liveFileName());
    this.#unlessFull(() => {
      mkdirSync(directory, { recursive: true });
      this.#file = openSync(this.#path, 'wx');
    });
    this.write(sweep);
  }

  /** Adds a line. */
  write(line: LiveLine): void {
    const file = this.#file;
    if (file !== undefined) this.#unlessFull(() => writeSync(file, `${JSON.stringify(line)}\n`));
  }

  /** Removes the file after its last line; who follows it has it open and still reads it to the end. */
  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }

  #unlessFull(write: () => void): void {
    if (!unlessRefused(write)) this.close();
  }
}
