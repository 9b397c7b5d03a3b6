import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HashedBinning } from '../../binning.ts';
import { BinError } from '../bin-error.ts';
import { BinState } from '../bin-state.ts';
import { HashTable } from '../hash-table.ts';
import { Multimap } from '../multimap.ts';
import { PendingQueue } from '../pending-queue.ts';
import { extentsOf } from './moves.ts';

const BIN_SHIFT = 2;
const binning = new HashedBinning(BIN_SHIFT);

function make(extents = extentsOf(1)[0]!) {
  const counts = new HashTable({ binning, extents }, 1);
  const lists = new Multimap({ binning, extents }, 1);
  const pending = new PendingQueue({ binning, extents });
  return { state: new BinState(BIN_SHIFT, { counts, lists, pending }), counts, lists, pending };
}

describe('BinState', () => {
  it('lists its containers in order, compound ones by their parts', () => {
    const { state, counts, lists, pending } = make();
    assert.deepEqual(state.containers, [counts, lists.parts.keys, lists.parts.rows, pending]);
    assert.equal(state.images.length, 4);
  });

  it('moves a bin of all containers by an image of each', () => {
    const [one, other] = extentsOf(2);
    const [from, to] = [make(one), make(other)];
    const bin = binning.binOf(42);
    from.state.create(bin);
    from.counts.add(42, 7);
    from.lists.set(from.lists.append(42), 0, 8);
    for (let i = 0; i < 5; i++) from.pending.push(bin, 10 - i, 42, i);
    const bytes = from.state.totalBytes;
    assert.equal(
      bytes,
      from.state.containers.reduce((sum, container) => sum + container.bytes(bin), 0),
    );

    from.state.release(bin);
    assert.ok(!from.state.hosts(bin) && from.state.containers.every((container) => !container.hosts(bin)));
    assert.equal(from.state.totalBytes, 0);
    assert.equal(
      from.state.images.reduce((sum, { used }) => sum + 8 * used, 0),
      bytes,
    );

    from.state.images.forEach((image, i) => Object.assign(to.state.images[i]!, image));
    to.state.adopt(bin);
    assert.ok(to.state.hosts(bin) && to.state.containers.every((container) => container.hosts(bin)));
    assert.equal(to.counts.get(to.counts.find(42), 0), 7);
    assert.equal(to.lists.get(to.lists.first(42), 0), 8);
    assert.deepEqual([to.pending.nextTime(), to.pending.size], [6, 5]);
    assert.equal(to.state.totalBytes, bytes);
  });

  it('hosts bins without any container', () => {
    const state = new BinState(BIN_SHIFT, {});
    state.create(3);
    assert.deepEqual([state.hosts(3), state.totalBytes, state.images], [true, 0, []]);
    state.release(3);
    assert.equal(state.hosts(3), false);
    state.adopt(3);
    assert.equal(state.hosts(3), true);
  });

  it('throws BinError for bins that are elsewhere, hosted already or none at all, and changes nothing', () => {
    const { state } = make();
    state.create(1);
    const elsewhere = [
      () => state.release(0),
      () => state.create(1),
      () => state.adopt(1),
      ...[4, -1, 0.5, NaN].flatMap((bin) => [
        () => state.create(bin),
        () => state.adopt(bin),
        () => state.release(bin),
      ]),
    ];
    for (const action of elsewhere) assert.throws(action, BinError);
    assert.deepEqual(
      [0, 1, 2, 3].map((bin) => state.containers.map((container) => container.hosts(bin))),
      [0, 1, 2, 3].map((bin) => state.containers.map(() => bin === 1)),
    );
  });
});
