import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ResultsError } from '../results-error.ts';
import { RUN_TABLES } from '../run-files.ts';

describe('CsvTable', () => {
  it('has the columns of results/README.md', () => {
    const columns = Object.entries(RUN_TABLES).map(([name, table]) => [name, table.columns.join(',')]);
    assert.deepEqual(Object.fromEntries(columns), {
      timeline: 'epoch,start_s,records,p25_ns,p50_ns,p99_ns,p999_ns,max_ns',
      migrationTimeline: 'epoch,start_s,records,p25_ns,p50_ns,p99_ns,p999_ns,max_ns',
      ccdf: 'latency_ns,fraction_above,records',
      recordTimeline: 'epoch,start_s,records,p25_ns,p50_ns,p99_ns,p999_ns,max_ns',
      recordCcdf: 'latency_ns,fraction_above,records',
      migrations: 'migration,step,time_ticks,issued_s,completed_s,bins,bytes',
      memory: 'time_s,rss_bytes,state_bytes,queued_bytes,minor_faults,major_faults',
      processMemory: 'process,time_s,rss_bytes,state_bytes,queued_bytes,minor_faults,major_faults',
      scheduler: 'epoch,worker,on_cpu_ns,run_queue_wait_ns,steal_ms',
      collections: 'worker,kind,start_s,pause_ms',
    });
  });

  it('reads back what it wrote, to the last bit', () => {
    const amount = fc.oneof(fc.double({ min: 0, max: 1e300, noNaN: true }), fc.nat());
    const row = fc.record({
      latencyNs: amount.map(Math.abs),
      fractionAbove: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
      records: fc.maxSafeInteger().map(Math.abs),
    });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const plain = rows.map((entry) => ({ ...entry }));
        assert.deepEqual(RUN_TABLES.ccdf.parse(RUN_TABLES.ccdf.format(plain, 'a.csv'), 'a.csv'), plain);
      }),
    );
  });

  it('writes the header even without rows', () => {
    assert.equal(RUN_TABLES.ccdf.format([], 'a.csv'), 'latency_ns,fraction_above,records\n');
    assert.deepEqual(RUN_TABLES.ccdf.parse('latency_ns,fraction_above,records\n', 'a.csv'), []);
  });

  it('names file and line of what it cannot read', () => {
    const header = 'latency_ns,fraction_above,records\n';
    const faults: readonly (readonly [text: string, message: RegExp])[] = [
      ['', /^a\.csv:1: the columns are ; expected latency_ns,fraction_above,records$/],
      ['latency,records\n1,2\n', /^a\.csv:1: the columns are latency,records; expected/],
      [`${header}1,0.5,2\n1,x,2\n`, /^a\.csv:3: fraction_above is "x": .*expected number/],
      [`${header}1,,2\n`, /^a\.csv:2: fraction_above is "": .*expected number/],
      [`${header}1,2,2\n`, /^a\.csv:2: fraction_above is "2": Too big/],
      [`${header}1,0.5,2.5\n`, /^a\.csv:2: records is "2.5": .*expected int/],
      [`${header}1,0.5,2\n1,0.5\n`, /^a\.csv:3: .*record length/i],
      [`${header}1,"0.5,2\n`, /^a\.csv:\d+: .*quote/i],
    ];
    for (const [text, message] of faults) {
      assert.throws(() => RUN_TABLES.ccdf.parse(text, 'a.csv'), { name: 'ResultsError', message });
    }
  });

  it('refuses to write what it could not read', () => {
    for (const fractionAbove of [Number.NaN, Infinity]) {
      assert.throws(() => RUN_TABLES.ccdf.format([{ latencyNs: 1, fractionAbove, records: 1 }], 'a.csv'), ResultsError);
    }
  });
});
