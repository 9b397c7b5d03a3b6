import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MigrationSummary, RunSummary } from '../../results/run-summary.ts';
import { reportLines } from '../table.ts';
import { sampleSpec, sampleSummary } from './sample-run.ts';

const fluid = sampleSpec({ strategy: { name: 'fluid', gapMs: 0 } });

function withoutRecovery({ recoveredS: _, recoveryMs: __, ...rest }: MigrationSummary): MigrationSummary {
  return rest;
}

describe('reportLines', () => {
  it('shows each run in aligned columns with units', () => {
    const slow = sampleSummary();
    const [first, second] = slow.migrations;
    assert.ok(first !== undefined && second !== undefined);
    const fast = sampleSummary({
      migrations: [
        { ...first, maxNs: 9.8e6, durationMs: 1350, steps: 16 },
        { ...second, maxNs: 0, steps: 16 },
      ],
    });
    assert.deepEqual(
      reportLines([
        { spec: sampleSpec(), summary: slow },
        { spec: fluid, summary: fast },
      ]),
      [
        'Latency while steady (outside of warm-up, migrations and recovery), and records',
        'run              p50     p99    p99.9     max  offered    sent  completed',
        'all-at-once  41.2 us  252 us  1.35 ms  2.4 ms   60 000  60 000     60 000',
        'fluid        41.2 us  252 us  1.35 ms  2.4 ms   60 000  60 000     60 000',
        '',
        'Migrations',
        'run          to           at  max latency  of all-at-once  duration  recovered  steps  bins    moved',
        'all-at-once  imbalanced  1 s       400 ms           100 %    403 ms     750 ms      1    16  128 KiB',
        '             balanced    2 s       400 ms           100 %    403 ms     750 ms      1    16  128 KiB',
        'fluid        imbalanced  1 s       9.8 ms           2.5 %    1.35 s     750 ms     16    16  128 KiB',
        '             balanced    2 s            -               -    403 ms     750 ms     16    16  128 KiB',
      ],
    );
  });

  it('says what differs between runs', () => {
    const specs = [sampleSpec({ migrations: [] }), sampleSpec({ migrations: [], binShift: 12 })];
    const lines = reportLines(specs.map((spec) => ({ spec, summary: sampleSummary({ migrations: [] }) })));
    assert.ok(lines[2]?.startsWith('64 bins (2⁶)     41.2 us'), lines[2]);
    assert.ok(lines[3]?.startsWith('4096 bins (2¹²)  41.2 us'), lines[3]);
    assert.equal(lines.length, 4);
  });

  it('shows medians over repeats, and their range, in 80 columns', () => {
    const { steady, migrations } = sampleSummary();
    const runs = [30, 10, 20].map((maxMs, index) => ({
      spec: { ...fluid, repeat: index + 1 },
      summary: sampleSummary({
        steady: { ...steady, maxNs: maxMs * 1e6 },
        migrations: migrations.map((each) => ({ ...each, maxNs: 2 * maxMs * 1e6 })),
      }),
    }));
    const lines = reportLines(runs, 80);
    const row = lines.findIndex((line) => /^fluid .*us/u.test(line));
    assert.match(lines[row]!, / 20 ms$/u);
    assert.match(lines[row + 1]!, /^ {2}range of 3 .* 10 ms-30 ms$/u);
    const migration = lines.findIndex((line) => /^fluid +imbalanced/u.test(line));
    assert.match(lines[migration]!, / 40 ms /u);
    assert.match(lines[migration + 1]!, /^ {2}range of 3 .*20 ms-60 ms/u);
    assert.equal(lines.filter((line) => line.startsWith('fluid ')).length, 2);
    for (const line of lines) assert.ok(line.length <= 80, line);
  });

  it('notes runs that are not valid', () => {
    const summary = sampleSummary({ valid: false, sentRecords: 30000, completedRecords: 30000 });
    assert.equal(
      reportLines([{ spec: fluid, summary }]).at(-1),
      'Not valid: fluid sent 50.0 % of the offered records in time (less than 99.5 %): its latencies mean nothing.',
    );
  });

  it('notes runs without anything steady', () => {
    const none = { p50Ns: 0, p90Ns: 0, p99Ns: 0, p999Ns: 0, p9999Ns: 0, maxNs: 0, records: 0 };
    const lines = reportLines([{ spec: sampleSpec(), summary: sampleSummary({ steady: none }) }]);
    assert.match(lines.at(-1) ?? '', /^Nothing steady: all-at-once has no epoch outside of warm-up/u);
    assert.ok(
      !reportLines([{ spec: sampleSpec(), summary: sampleSummary() }]).some((line) => line.startsWith('Nothing')),
    );
  });

  it('says when all runs were verified', () => {
    const verified = { spec: fluid, summary: sampleSummary({ verified: true }) };
    assert.match(reportLines([verified, verified]).at(-1) ?? '', /^Verified: the outputs of all runs are those of/);
    assert.doesNotMatch(reportLines([verified, { spec: fluid, summary: sampleSummary() }]).join(), /Verified/);
  });

  it('says how far clocks of hosts were apart, where that is known', () => {
    const spec = sampleSpec({ topology: { processes: 2, workers: 1, hosts: ['a', 'b'] } });
    const last = (clocks: RunSummary['clocks']): string =>
      reportLines([{ spec, summary: sampleSummary({ clocks: clocks! }) }]).at(-1) ?? '';
    assert.equal(
      last([{ process: 1, aheadMs: -0.5, roundTripMs: 0.2 }]),
      'Clocks against that of a: b -0.50 ms (± 0.10); no latency depends on them.',
    );
    assert.doesNotMatch(last([]), /Clocks/u);
  });

  it('notes runs from which other machines took time', () => {
    assert.match(
      reportLines([{ spec: fluid, summary: sampleSummary({ stolenShare: 0.123 }) }]).at(-1) ?? '',
      /^Disturbed: fluid lost 12\.3 % of the processors' time/,
    );
    assert.doesNotMatch(reportLines([{ spec: fluid, summary: sampleSummary() }]).join(), /Disturbed/);
  });

  it('shows record latencies below the frontier latencies of a run', () => {
    const steadyRecord = { ...sampleSummary().steady, p50Ns: 12_300, maxNs: 1.5e6 };
    const lines = reportLines([{ spec: fluid, summary: sampleSummary({ steadyRecord }) }]);
    assert.deepEqual(lines.slice(2, 4), [
      'fluid             41.2 us  252 us  1.35 ms  2.4 ms   60 000  60 000     60 000',
      '  record latency  12.3 us  252 us  1.35 ms  1.5 ms',
    ]);
  });

  it('shows the floor of the machine below the latencies of a run', () => {
    const floor = { p50Ns: 90, p99Ns: 400, p999Ns: 50_000, maxNs: 2e6 };
    assert.equal(
      reportLines([{ spec: fluid, summary: sampleSummary({ floor, migrations: [] }) }])[3],
      '  the machine alone    90 ns  400 ns    50 us    2 ms',
    );
  });

  it('notes migrations from which latencies did not recover, and latencies out of range', () => {
    const [first, second] = sampleSummary().migrations;
    assert.ok(first !== undefined && second !== undefined);
    const summary = sampleSummary({ migrations: [first, withoutRecovery(second)], clampedRecords: 3 });
    const lines = reportLines([{ spec: fluid, summary }]);
    assert.match(lines.join('\n'), /balanced +2 s +400 ms +- +403 ms +-/);
    assert.deepEqual(
      lines.slice(-2).map((line) => line.split(':', 2).join(':')),
      [
        'Not recovered: fluid, migration 2',
        'Out of range: fluid has 3 latencies beyond what histograms can tell apart',
      ],
    );
  });

  it('keeps migrations apart when the first moved nothing, and says so', () => {
    const [, second] = sampleSummary().migrations;
    assert.ok(second !== undefined);
    const lines = reportLines([{ spec: fluid, summary: sampleSummary({ migrations: [second] }) }]);
    assert.ok(lines.some((line) => /^fluid +balanced +2 s/u.test(line)));
    assert.equal(lines.at(-1), 'Nothing moved: fluid, migration 1: every bin was in its place.');
  });

  it('compares with the all-at-once run of the same repeat and values only', () => {
    const runs = [sampleSpec({ binShift: 4 }), fluid].map((spec) => ({ spec, summary: sampleSummary() }));
    const shares = reportLines(runs)
      .filter((line) => /\d ms/.test(line) && /(im)?balanced/.test(line))
      .map((line) => /ms\s+(100 %|-)\s/.exec(line)?.[1]);
    assert.deepEqual(shares, ['100 %', '100 %', '-', '-']);
  });

  it('fits 120 columns at the largest values', () => {
    const [migration] = sampleSummary().migrations;
    assert.ok(migration !== undefined);
    const migrations = sampleSpec().migrations.slice(0, 1);
    const summary = sampleSummary({
      offeredRecords: 4_800_000_000,
      sentRecords: 4_800_000_000,
      completedRecords: 4_800_000_000,
      migrations: [{ ...migration, startS: 1000.25, steps: 262144, bins: 262144, bytes: 2 ** 43 }],
    });
    const specs = [
      sampleSpec({ binShift: 20, migrations, strategy: { name: 'optimized', binsPerPair: 1024, gapMs: 12.5 } }),
      sampleSpec({
        binShift: 4,
        migrations,
        workload: { name: 'hash-count', variant: 'megaphone', domain: 32768e6, parameters: {} },
      }),
    ];
    for (const line of reportLines(specs.map((spec) => ({ spec, summary })))) assert.ok(line.length <= 120, line);
  });

  it('shows nothing when nothing is finished', () => {
    assert.deepEqual(reportLines([]), []);
  });
});
