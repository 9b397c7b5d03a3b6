import { oneLine } from '../config/one-line.ts';

/**
 * A results folder that cannot be read or written as such. The message holds the path, and the line where there is one; it is one
 * line, escaped and bounded.
 */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';

  constructor(message: string) {
    super(oneLine(message));
  }
}
