/** The mark by which sweeps know that somebody watches them: only then do their runs take samples. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessRefused, watchMarkName } from '../../experiments/results/live-files.ts';

/** A mark in a folder of results, or that of an experiment. */
export class WatchMark {
  readonly #path: string;

  /** A mark for the sweeps of one process, or of all; nothing is written before `touch`. */
  constructor(folder: string, onlyProcess: number | undefined) {
    this.#path = join(folder, watchMarkName(onlyProcess));
  }

  /** To be called once a second. A folder that is not there yet, or cannot be written to, has no mark. */
  touch(): void {
    unlessRefused(() => writeFileSync(this.#path, ''));
  }

  /** Nobody watches any more. */
  remove(): void {
    unlessRefused(() => rmSync(this.#path, { force: true }));
  }
}
