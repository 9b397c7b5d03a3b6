/** The configs of the README can be run as they stand there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { resolveExperiment } from '../load.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** More than any of them needs. */
const memory = { availableBytes: 2 ** 40, totalBytes: 2 ** 40 };

it('the configs of the README are valid', () => {
  const configs = [...readme.matchAll(/```yaml\n([^]*?)```/gu)].map((match) => match[1]!);
  assert.ok(configs.length >= 2);
  for (const text of configs) {
    const { specs } = resolveExperiment(text, 'readme.yaml', { scale: 'paper', memory });
    assert.ok(specs.length >= 3, text);
  }
});
