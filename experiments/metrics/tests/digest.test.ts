import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Digest, sameDigest } from '../digest.ts';
import { MetricsError } from '../metrics-error.ts';

type Row = readonly number[];

function add(digest: Digest, row: Row): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = row;
  const adders = [
    () => digest.add1(a),
    () => digest.add2(a, b),
    () => digest.add3(a, b, c),
    () => digest.add4(a, b, c, d),
    () => digest.add5(a, b, c, d, e),
    () => digest.add6(a, b, c, d, e, f),
  ];
  adders[row.length - 1]!();
}

function digestOf(rows: readonly Row[]): Digest {
  const digest = new Digest();
  rows.forEach((row) => add(digest, row));
  return digest;
}

const numbers = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, 0.5, Infinity),
);
const rows = fc.array(numbers, { minLength: 1, maxLength: 6 });

describe('Digest', () => {
  it('does not depend on the order of records or on how workers share them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(rows, fc.nat(3), fc.nat())), (placed) => {
        const workers = [new Digest(), new Digest(), new Digest(), new Digest()];
        const shuffled = placed.toSorted((a, b) => a[2] - b[2]);
        shuffled.forEach(([row, worker]) => add(workers[worker]!, row));
        const merged = new Digest();
        workers.forEach((worker) => merged.merge(worker.value()));
        assert.deepEqual(merged.value(), digestOf(placed.map(([row]) => row)).value());
      }),
    );
  });

  it('shows a lost, doubled or changed record', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1 }), rows, (all, other) => {
        const whole = digestOf(all).value();
        fc.pre(!all[0]!.every((number, i) => number === other[i]) || all[0]!.length !== other.length);
        assert.notEqual(digestOf(all.slice(1)).value().sum, whole.sum);
        assert.notEqual(digestOf([...all, all[0]!]).value().sum, whole.sum);
        assert.notEqual(digestOf([other, ...all.slice(1)]).value().sum, whole.sum);
      }),
      { numRuns: 2000 },
    );
  });

  it('tells the place of a number and the length of a record', () => {
    assert.ok(!sameDigest(digestOf([[1, 2]]).value(), digestOf([[2, 1]]).value()));
    assert.ok(!sameDigest(digestOf([[1]]).value(), digestOf([[1, 0]]).value()));
    assert.ok(!sameDigest(digestOf([[1, 2], [3, 4]]).value(), digestOf([[1, 4], [3, 2]]).value())); // prettier-ignore
    assert.ok(sameDigest(digestOf([[0, -0]]).value(), digestOf([[-0, 0]]).value()));
  });

  it('does not collide on a grid of small records', () => {
    const sums = new Set<string>();
    const halves = [new Set<string>(), new Set<string>()];
    for (let a = 0; a < 100; a++) {
      for (let b = 0; b < 100; b++) {
        const { sum } = digestOf([[a, b, 1]]).value();
        sums.add(sum);
        halves[0]!.add(sum.slice(0, 8));
        halves[1]!.add(sum.slice(8));
      }
    }
    assert.equal(sums.size, 10_000);
    // Each half alone is nearly free of collisions too (0.01 are expected of random words).
    halves.forEach((half) => assert.ok(half.size > 9_990));
  });

  it('has no small record without a trace', () => {
    for (let a = -10; a <= 10; a++) {
      for (const row of [[a], [a, a], [a, a, a], [a, a, a, a], [a, a, a, a, a], [a, a, a, a, a, a]]) {
        const { sum } = digestOf([row]).value();
        assert.ok(!sum.startsWith('00000000') && !sum.endsWith('00000000'));
      }
    }
  });

  it('writes the sum and the count', () => {
    const empty = new Digest();
    assert.equal(empty.toString(), '0000000000000000/0');
    assert.match(digestOf([[1, 2], [3, 4]]).toString(), /^[0-9a-f]{16}\/2$/); // prettier-ignore
  });

  it('refuses to merge what is no digest', () => {
    const digest = new Digest();
    assert.throws(() => digest.merge({ records: 1, sum: 'xyz' }), MetricsError);
    assert.throws(() => digest.merge({ records: -1, sum: '0000000000000000' }), MetricsError);
  });
});
