/**
 * A results folder that cannot be read or written as such. The message holds the path, and the line where there is one.
 */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}
