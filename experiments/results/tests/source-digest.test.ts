import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { sourceDigest } from '../source-digest.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-sources-'));
after(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): string {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return sourceDigest(root);
}

it('sourceDigest changes with the sources that decide what is measured, and with nothing else', () => {
  const first = write('engine/ring.ts', 'a');
  assert.match(first, /^[0-9a-f]{16}$/);
  const digests = [
    first,
    write('engine/ring.ts', 'b'),
    write('workloads/q1/native.ts', 'a'),
    write('experiments/run/a.ts', ''),
  ];
  assert.equal(new Set(digests).size, digests.length);
  const last = digests.at(-1);
  for (const file of [
    'engine/tests/ring.test.ts',
    'engine/node_modules/x/a.ts',
    'plots/a.ts',
    'experiments/cli/a.ts',
    'engine/README.md',
  ]) {
    assert.equal(write(file, 'anything'), last, file);
  }
  assert.equal(write('engine/ring.ts', 'a') === last, false);
  assert.equal(write('engine/ring.ts', 'b'), last);
});
