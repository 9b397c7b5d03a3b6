import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { RunSpec } from '../../config/run-spec.ts';
import { sampleSpec, sampleSummary } from '../../report/tests/sample-run.ts';
import type { Run } from '../../results/run-reader.ts';
import { provenance } from '../../results/tests/example-run.ts';
import { paperClaims, parseClaims, type Claim } from '../claim.ts';
import { claimLines, claimMarkdown } from '../claim-report.ts';
import { judgeClaim } from '../judge-claim.ts';

const allAtOnce = { name: 'all-at-once', gapMs: 0 } as const;
const fluid = { name: 'fluid', gapMs: 0 } as const;

/** An invented run whose migrations have this maximum. */
function run(changes: Partial<RunSpec>, maxMs: number, more: { valid?: boolean; startedAt?: string } = {}): Run {
  const summary = sampleSummary({ valid: more.valid ?? true });
  const migrations = summary.migrations.map((migration) => ({ ...migration, maxNs: maxMs * 1e6 }));
  return {
    directory: '',
    id: '',
    spec: sampleSpec(changes),
    provenance: { ...provenance, startedAt: more.startedAt ?? provenance.startedAt },
    summary: { ...summary, migrations },
    timeline: [],
    ccdf: [],
    migrations: [],
    memory: [],
    scheduler: [],
  };
}

const claim: Claim = {
  id: 'a-claim',
  figure: 'fig1',
  text: 'All at once is worse',
  paper: 'much worse',
  measure: { runs: { strategy: ['all-at-once'] }, metric: 'migrationMax' },
  against: { runs: { strategy: ['fluid'] }, metric: 'migrationMax' },
  relation: '>=',
  value: 10,
  unit: 'x',
  minutes: 1,
  memoryGiB: 1,
};

const repeats = (strategy: RunSpec['strategy'], maxima: readonly number[]): Run[] =>
  maxima.map((maxMs, index) => run({ strategy, repeat: index + 1 }, maxMs));

function withoutAgainst({ against: _, ...one }: Claim): Claim {
  return one;
}

describe('judgeClaim', () => {
  it('compares the ratio of medians, with an interval from three repeats on', () => {
    const runs = [...repeats(allAtOnce, [100, 120, 400]), ...repeats(fluid, [9, 10, 11])];
    const { verdict, value, interval, repeats: fewest } = judgeClaim(claim, runs);
    assert.deepEqual([verdict, value, fewest], ['holds', 12, 3]);
    assert.ok(
      interval !== undefined && interval[0] >= 100 / 11 && interval[0] < 12 && interval[1] > 12,
      String(interval),
    );
    const once = judgeClaim(claim, [...repeats(allAtOnce, [99]), ...repeats(fluid, [10])]);
    assert.deepEqual([once.verdict, once.value, once.interval], ['does not hold', 9.9, undefined]);
  });

  it('knows a limit of one side, from above, and a factor to either side', () => {
    const one = withoutAgainst(claim);
    const runs = repeats(allAtOnce, [50]);
    assert.equal(judgeClaim({ ...one, relation: '<=', value: 50, unit: 'ms' }, runs).verdict, 'holds');
    assert.equal(judgeClaim({ ...one, relation: '<=', value: 49, unit: 'ms' }, runs).verdict, 'does not hold');
    const within: Claim = { ...claim, relation: 'within', value: 2 };
    for (const [maxMs, verdict] of [
      [4.9, 'does not hold'],
      [5, 'holds'],
      [20, 'holds'],
      [20.1, 'does not hold'],
    ] as const) {
      assert.equal(judgeClaim(within, [...repeats(allAtOnce, [maxMs]), ...repeats(fluid, [10])]).verdict, verdict);
    }
  });

  it('finds the least and the most of what is there', () => {
    const runs = [4, 8, 12].map((binShift) => run({ strategy: fluid, binShift }, 2 ** (14 - binShift)));
    const side = (bins: 'least' | 'most') =>
      ({ runs: { strategy: ['fluid'], bins }, metric: 'migrationMax' }) satisfies Claim['measure'];
    assert.equal(judgeClaim({ ...claim, measure: side('least'), against: side('most') }, runs).value, 256);
  });

  it('compares runs that share all else, and of these the latest', () => {
    const early = { startedAt: '2026-01-01T00:00:00.000Z' };
    const runs = [
      ...[
        run({ strategy: allAtOnce, ratePerSecond: 1000 }, 500, early),
        run({ strategy: fluid, ratePerSecond: 1000 }, 1, early),
      ],
      ...[...repeats(allAtOnce, [100]), ...repeats(fluid, [50])],
      run({ strategy: fluid, ratePerSecond: 7000 }, 1, { startedAt: '2026-03-01T00:00:00.000Z' }),
    ];
    assert.equal(judgeClaim(claim, runs).value, 2);
  });

  it('says why nothing is measured', () => {
    const reason = (runs: readonly Run[]) => judgeClaim(claim, runs).reason;
    assert.equal(reason([]), 'runs are missing');
    assert.equal(reason(repeats(allAtOnce, [100])), 'runs are missing');
    assert.equal(reason([run({ strategy: allAtOnce }, 1, { valid: false })]), 'no run kept up with its rate');
    const gaps = [0, 1].map((gapMs) => run({ strategy: { name: 'fluid', gapMs } }, 1));
    assert.equal(reason([...repeats(allAtOnce, [1]), ...gaps]), '2 settings match where one is compared');
    assert.equal(reason([...repeats(allAtOnce, [0]), ...repeats(fluid, [1])]), 'the runs do not have that number');
  });
});

describe('the claims of the paper', () => {
  it('are well formed, and have texts that fit into tables', () => {
    for (const { text, paper } of paperClaims()) assert.doesNotMatch(text + paper, /[|\n]/);
  });

  it('are printed within 80 columns, measured or not', () => {
    const judged = paperClaims().map((each) => judgeClaim(each, []));
    judged.push(judgeClaim(claim, [...repeats(allAtOnce, [100, 110, 120]), ...repeats(fluid, [9, 10, 11])]));
    const lines = claimLines(judged);
    for (const line of lines) assert.ok(line.length <= 80, line);
    assert.equal(lines.at(-1), `1 hold, 0 do not hold, ${judged.length - 1} are not measured`);
    assert.ok(lines.includes('holds          a-claim: All at once is worse'));
    assert.ok(
      lines.some((line) => /^ {15}here 11 x \(.+ x to .+ x\); expected at least 10 x$/.test(line)),
      lines.join('\n'),
    );
  });

  it('are those of the table in the README (megaphone claims --markdown)', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const firstCells = (line: string): string =>
      line
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim())
        .join(' | ');
    const section = readme.split('\n## What holds here\n')[1]?.split('\n## ')[0] ?? '';
    const found = section
      .split('\n')
      .filter((line) => /^\| `/u.test(line))
      .map(firstCells);
    const expected = claimMarkdown(paperClaims().map((each) => judgeClaim(each, [])))
      .slice(2)
      .map(firstCells);
    assert.deepEqual(found, expected);
  });
});

describe('parseClaims', () => {
  const text = (changes: object) => JSON.stringify([{ ...claim, ...changes }]);

  it('takes claims of the form', () => {
    assert.deepEqual(parseClaims(text({}), 'c.yaml'), [claim]);
  });

  it('names what is wrong', () => {
    const refuses = (source: string, message: RegExp) =>
      assert.throws(() => parseClaims(source, 'c.yaml'), { name: 'InputError', message });
    refuses(text({ relation: '>' }), /^c\.yaml: 0\.relation: /);
    refuses(text({ measure: { runs: {}, metric: 'p98' } }), /^c\.yaml: 0\.measure\.metric: /);
    refuses('[', /^c\.yaml: [^\n]+$/);
    refuses(JSON.stringify([claim, claim]), /^c\.yaml: a-claim stands there twice; expected one claim of each id$/);
  });
});
