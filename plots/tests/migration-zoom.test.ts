import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../experiments/results/run-reader.ts';
import { zoomOf, zoomUntilS } from '../migration-zoom.ts';
import { groupRuns } from '../run-group.ts';
import { fixtureRun, withMigrationTimeline } from './fixture-runs.ts';

const zoom = (run: Run) => zoomOf(groupRuns([run])[0]!);

describe('the last migration from close by', () => {
  it('has the short epochs since shortly before its first step', () => {
    const found = zoom(withMigrationTimeline(fixtureRun()))!;
    assert.equal(found.number, 2);
    assert.equal(found.rows[0]!.startS, -0.25);
    assert.ok(found.rows.every(({ startS }, index) => Math.abs(startS - (index / 100 - 0.25)) < 1e-9));
    assert.equal(Number(found.endS.toFixed(3)), 1.2);
    assert.equal(zoomUntilS([found, { ...found, rows: found.rows.slice(0, 30) }]), found.rows.at(-1)!.startS);
    assert.equal(zoomUntilS([{ ...found, endS: 0.3 }]), 0.85);
    assert.equal(zoomUntilS([{ ...found, endS: 0.01 }]), 0.5);
  });

  it('is not there without such epochs', () => {
    assert.equal(zoom(fixtureRun()), undefined);
    assert.equal(zoom({ ...fixtureRun({ spec: { migrations: [] } }), migrationTimeline: [] }), undefined);
  });
});
