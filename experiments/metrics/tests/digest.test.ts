import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Digest, sameDigest } from '../digest.ts';
import { MetricsError } from '../metrics-error.ts';

type Row = readonly number[];

function digestOf(rows: readonly Row[]): Digest {
  const digest = new Digest();
  rows.forEach((row) => digest.addRow(row));
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
        shuffled.forEach(([row, worker]) => workers[worker]!.addRow(row));
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

  it('hashes the rows of columns of any type as it hashes the same numbers one by one', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(counts, fc.nat(), (lengths, seed) => {
        const batches = new Digest();
        const single = new Digest();
        for (const length of lengths) {
          const value = (i: number): number => (seed + i * 7919) % 256;
          const columns = [
            Float64Array.from({ length }, (_, i) => (value(i) === 0 ? -0 : value(i) / 3)),
            Int32Array.from({ length }, (_, i) => -value(i)),
            Uint8Array.from({ length }, (_, i) => value(i)),
          ];
          batches.addRows(columns, length);
          for (let i = 0; i < length; i++) single.addRow(columns.map((column) => column[i]!));
        }
        assert.deepEqual(batches.value(), single.value());
      }),
      { numRuns: 50 },
    );
  });

  it('gives a key the same hash as a double and as a 32-bit integer', () => {
    const doubles = Float64Array.of(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 77);
    const asDoubles = new Digest();
    asDoubles.addRows([doubles, doubles], doubles.length);
    const asIntegers = new Digest();
    asIntegers.addRows([Int32Array.from(doubles), doubles], doubles.length);
    assert.deepEqual(asIntegers.value(), asDoubles.value());
  });

  it('adds the given number of rows and no more', () => {
    const some = new Digest();
    some.addRows([Float64Array.of(1, 2, 3)], 2);
    assert.deepEqual(some.value(), digestOf([[1], [2]]).value());
    some.addRows([Float64Array.of(3)], 0);
    assert.equal(some.value().records, 2);
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
