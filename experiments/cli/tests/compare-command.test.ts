import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { beginRun, publishRun } from '../../results/run-attempt.ts';
import { runDirectory } from '../../results/run-folders.ts';
import { writeResults } from '../../results/run-writer.ts';
import { provenance, results, spec } from '../../results/tests/example-run.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-compare-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Three repeats whose steady 99th percentile and highest resident set are these. */
function write(name: string, p99Ns: number, rssPeakBytes: number): void {
  for (const repeat of [1, 2, 3]) {
    const steady = { ...results.summary.steady, p99Ns, p999Ns: 1e6, p9999Ns: 1e6, maxNs: 1e6 };
    const directory = runDirectory(join(folder, name), { ...spec, repeat });
    const attempt = beginRun(directory, { ...spec, repeat }, provenance);
    writeResults(attempt, { ...results, summary: { ...results.summary, steady, rssPeakBytes } });
    publishRun(attempt, directory, () => false);
  }
}

write('old', 1000, 100);
write('new', 2000, 50);
write('same', 1000, 100);

const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both.
Reflect.deleteProperty(environment, 'FORCE_COLOR');

function compare(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'compare', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { status, stdout, stderr };
}

interface Printed {
  readonly baseline: string;
  readonly other: string;
  readonly pairs: readonly { readonly metrics: readonly { metric: string; ratio: number; verdict: string }[] }[];
}

const verdicts = ({ pairs }: Printed) =>
  Object.fromEntries(pairs.flatMap(({ metrics }) => metrics.map(({ metric, verdict }) => [metric, verdict])));

describe('megaphone compare', () => {
  it('reads results that were kept without distributions', () => {
    const reference = fileURLToPath(new URL('../../../results/reference/fig5', import.meta.url));
    const { status, stdout, stderr } = compare(reference, reference, '--metric', 'RSS');
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /RSS peak .* 1\.00 /u);
  });

  it('exits with 3 under --fail-on slower when something is slower, and only then', () => {
    assert.equal(compare('old', 'new').status, 0);
    assert.equal(compare('old', 'new', '--fail-on', 'slower').status, 3);
    assert.equal(compare('old', 'same', '--fail-on', 'slower').status, 0);
  });

  it('looks at the metrics that were asked for', () => {
    const { status, stdout } = compare('old', 'new', '--fail-on', 'slower', '--metric', 'RSS peak');
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /steady p99/u);
    assert.equal(compare('old', 'new', '--fail-on', 'slower', '--metric', 'p99').status, 3);
    const { status: refused, stderr } = compare('old', 'new', '--metric', 'steady p98');
    assert.equal(refused, 2);
    assert.match(stderr, /^megaphone: --metric: no metric steady p98; did you mean steady p(?:99|50)\?\n$/u);
  });

  it('prints JSON, of each folder against the baseline', () => {
    const { stdout } = compare('new', 'old', 'same', '--baseline', 'old', '--json');
    const printed = JSON.parse(stdout) as Printed[];
    assert.deepEqual(printed.map(({ baseline, other }) => [baseline, other]), [['old', 'new'], ['old', 'same']]); // prettier-ignore
    const [slower, equal] = printed.map(verdicts);
    assert.deepEqual([slower!['steady p99'], slower!['RSS peak']], ['slower', 'faster']);
    assert.ok(Object.values(equal!).every((verdict) => verdict === 'no difference'));
  });

  it('draws the ratios', () => {
    assert.equal(compare('old', 'new', 'same', '--chart', 'ratios.svg').status, 0);
    assert.match(readFileSync(join(folder, 'ratios.svg'), 'utf8'), /^<svg[^]*ratio to the baseline/u);
    assert.equal(compare('old', 'new', '--chart', 'ratios.png').status, 0);
    assert.equal(readFileSync(join(folder, 'ratios.png')).toString('latin1', 1, 4), 'PNG');
    assert.equal(
      compare('old', 'new', '--chart', 'ratios').stderr,
      'megaphone: --chart: expected a file that ends in .svg or .png, found "ratios"\n',
    );
  });
});
