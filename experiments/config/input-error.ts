/**
 * Faults of what a user wrote: a config, an option, a folder. The command line prints them as one line and exits with 2;
 * a stack would say nothing more.
 */

import { oneLine } from './one-line.ts';

/** Root of the errors that one line explains. Its message is made one: escaped and bounded, whatever is put into it. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(message: string) {
    super(oneLine(message));
  }
}

/** A config file, or a `--set`, that says something impossible. The message is `<where>: <what is wrong>`. */
export class ConfigError extends InputError {
  override name = 'ConfigError';
  /** File, line, column and path of the value (`fig1.yaml:12:3 topology.workers`), or `--set` and the path. */
  readonly where: string;
  /** What was found and what was expected. */
  readonly problem: string;

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.where = where;
    this.problem = problem;
  }
}
