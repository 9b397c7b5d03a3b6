/** All workers of a dataflow build the same graph: its outputs and channels are matched by their order. */
import { GraphError } from '../dataflow/errors.ts';

/**
 * Checks that the descriptions of all workers' graphs (`GraphDescription.text`, by worker) are equal.
 *
 * @throws {GraphError} when they are not; the message holds the first line that differs.
 */
export function checkSameGraph(texts: readonly string[]): void {
  const expected = texts[0]!;
  const worker = texts.findIndex((text) => text !== expected);
  if (worker < 0) return;
  const expectedLines = expected.split('\n');
  const foundLines = texts[worker]!.split('\n');
  let at = 0;
  while (foundLines[at] === expectedLines[at]) at++;
  throw new GraphError(
    `worker ${worker} built another graph than worker 0: found "${foundLines[at] ?? 'nothing'}"; ` +
      `expected "${expectedLines[at] ?? 'nothing'}"`,
  );
}
