import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkSameGraph } from '../same-graph.ts';

describe('graphs of all workers', () => {
  it('are the same when all lines are', () => {
    checkSameGraph(['a\nb', 'a\nb', 'a\nb']);
    checkSameGraph(['']);
  });

  it('differ in the first line that one has and the other has not', () => {
    const refused = (texts: string[], message: RegExp): void =>
      assert.throws(() => checkSameGraph(texts), { name: 'GraphError', message });
    refused(['a\nb\nc', 'a\nb\nc', 'a\nx\nc'], /worker 2 .* worker 0: found "x"; expected "b"/);
    refused(['a\nb', 'a\nb\nc'], /worker 1 .*: found "c"; expected "nothing"/);
    refused(['a\nb\nc', 'a\nb'], /worker 1 .*: found "nothing"; expected "c"/);
  });
});
