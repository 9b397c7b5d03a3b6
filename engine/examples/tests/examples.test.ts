import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs an example as a newcomer would; what it prints. */
async function output(name: string): Promise<string> {
  const file = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  assert.ok(lines < 80, `${name}.ts has ${lines} lines; expected less than 80`);
  return (await run(process.execPath, [file])).stdout;
}

describe('the examples', () => {
  it('count every word, on bins that move', async () => {
    const printed = await output('word-count');
    const found = [...printed.matchAll(/^worker (\d): (\d+) words counted, up to (\d+) times; (\d+) bins left it$/gm)];
    assert.deepEqual(
      found.map((match) => Number(match[4])),
      [0, 8],
    );
    assert.equal(Number(found[0]![2]) + Number(found[1]![2]), 20_000);
    assert.equal(Math.max(...found.map((match) => Number(match[3]))), 20);
  });

  it('join clicks with the impressions of the window before them', async () => {
    const [, matched, delayMs] = /^(\d+) clicks matched, at most ([\d.]+) ms after/.exec(
      await output('windowed-join'),
    )!;
    assert.ok(Number(matched) > 250 && Number(matched) < 500, `${matched} of 500 clicks`);
    assert.ok(Number(delayMs) > 40 && Number(delayMs) <= 50, `${delayMs} ms`);
  });

  it('count the latency of every record', async () => {
    const records = [...(await output('open-loop')).matchAll(/: (\d+) records$/gm)].map((match) => Number(match[1]));
    assert.equal(
      records.reduce((sum, count) => sum + count, 0),
      200_000,
    );
  });
});
