import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { balanced, binCounts, checkConfiguration, explicit, imbalanced, oneWorker } from '../configurations.ts';
import { ConfigurationError } from '../errors.ts';
import { changedBins } from '../moves.ts';

describe('balanced', () => {
  it('puts bin i on worker i mod peers', () => {
    assert.deepEqual([...balanced(3, 3)], [0, 1, 2, 0, 1, 2, 0, 1]);
  });
});

describe('imbalanced', () => {
  it('is the map of the artifact for 16 workers', () => {
    for (const binShift of [1, 3, 4, 5, 12]) {
      const half = 2 ** (binShift - 1);
      const expected = balanced(binShift, 16).map((owner, bin) =>
        bin < half ? (2 * Math.floor(bin / 2) + (bin % 2) * 8) % 16 : owner,
      );
      assert.deepEqual(imbalanced(binShift, 16), expected);
    }
  });

  it('moves every second bin of worker 1 to worker 0 for two workers', () => {
    assert.deepEqual([...imbalanced(4, 2)], [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('is as computed by hand for three, four and six workers', () => {
    // worker 1 gives to worker 2
    assert.deepEqual([...imbalanced(3, 3)], [0, 2, 2, 0, 2, 2, 0, 1]);
    // worker 1 gives to worker 2, worker 3 to worker 0
    assert.deepEqual([...imbalanced(3, 4)], [0, 2, 2, 0, 0, 1, 2, 3]);
    // 1 to 4, 3 to 0, 5 to 2
    assert.deepEqual([...imbalanced(4, 6)], [0, 4, 2, 0, 4, 2, 0, 4, 2, 3, 4, 5, 0, 1, 2, 3]);
  });

  it('moves exactly a quarter of all bins, from odd to even workers, whatever the number of workers above one', () => {
    for (let peers = 2; peers <= 20; peers++) {
      for (let binShift = 2; binShift <= 12; binShift++) {
        const moves = changedBins(balanced(binShift, peers), imbalanced(binShift, peers));
        assert.equal(moves.length, 2 ** (binShift - 2), `${peers} workers, 2^${binShift} bins`);
        assert.ok(moves.every(({ source, target }) => source % 2 === 1 && target % 2 === 0 && target < peers));
      }
    }
  });

  it('takes half of the bins of each odd worker if their number is even, and never shares a receiver', () => {
    for (const peers of [2, 4, 8, 16]) {
      const counts = binCounts(imbalanced(10, peers), peers);
      const owned = 2 ** 10 / peers;
      counts.forEach((count, worker) => assert.equal(count, worker % 2 === 1 ? owned / 2 : owned * 1.5));
    }
    for (let peers = 2; peers <= 20; peers++) {
      const pairs = new Set(
        changedBins(balanced(12, peers), imbalanced(12, peers)).map((m) => `${m.source} ${m.target}`),
      );
      const receivers = new Set([...pairs].map((pair) => pair.split(' ')[1]));
      assert.equal(pairs.size, Math.floor(peers / 2));
      assert.equal(receivers.size, pairs.size);
    }
  });

  it('moves nothing for one worker or two bins', () => {
    assert.deepEqual(imbalanced(4, 1), balanced(4, 1));
    assert.deepEqual(imbalanced(1, 2), balanced(1, 2));
    assert.deepEqual(imbalanced(1, 3), balanced(1, 3));
  });
});

describe('oneWorker and explicit', () => {
  it('put the bins where they are told', () => {
    assert.deepEqual([...oneWorker(2, 4, 3)], [3, 3, 3, 3]);
    assert.deepEqual([...explicit([1, 0, 1, 1], 2, 2)], [1, 0, 1, 1]);
  });

  it('copy the owners', () => {
    const owners = new Int32Array([0, 1]);
    const configuration = explicit(owners, 1, 2);
    owners[0] = 1;
    assert.deepEqual([...configuration], [0, 1]);
  });
});

describe('malformed configurations', () => {
  const refused: [string, () => unknown, RegExp][] = [
    ['no bin shift', () => balanced(0, 2), /balanced, binShift: expected an integer in 1\.\.20, found 0/],
    ['too many bins', () => imbalanced(21, 2), /imbalanced, binShift: .* found 21/],
    ['a fractional bin shift', () => oneWorker(1.5, 2, 0), /oneWorker, binShift: .* found 1\.5/],
    ['no workers', () => balanced(2, 0), /balanced, peers: expected a positive integer, found 0/],
    ['a worker beyond the peers', () => oneWorker(2, 2, 2), /oneWorker, worker: .* 0\.\.1, found 2/],
    ['too few owners', () => explicit([0, 1], 2, 2), /explicit, owners: expected 4 owners \(binShift 2\), found 2/],
    ['an owner beyond the peers', () => explicit([0, 2], 1, 2), /explicit, owners, bin 1: .* 0\.\.1, found 2/],
    ['a fractional owner', () => explicit([0.5, 0], 1, 2), /explicit, owners, bin 0: .* found 0\.5/],
    ['three bins', () => checkConfiguration(new Int32Array(3), 2, 'here'), /here, length: expected .*, found 3 bins/],
    ['a negative owner', () => checkConfiguration(Int32Array.of(0, -1), 2, 'here'), /here, bin 1: .* found -1/],
  ];
  for (const [what, act, message] of refused) {
    it(`are refused: ${what}`, () => {
      assert.throws(act, (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.equal(error.name, 'ConfigurationError');
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
