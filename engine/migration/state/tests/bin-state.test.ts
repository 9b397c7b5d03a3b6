import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HashedBinning } from '../../hash.ts';
import { BinError } from '../bin-error.ts';
import { BinState, ContainerNameError } from '../bin-state.ts';
import { HashTable } from '../hash-table.ts';
import { PendingQueue } from '../pending-queue.ts';
import { ChunkRecorder, deliver } from './transfer.ts';

const BIN_SHIFT = 2;
const binning = new HashedBinning(BIN_SHIFT);

function make(): { state: BinState; counts: HashTable; pending: PendingQueue } {
  const counts = new HashTable(binning, 1);
  const pending = new PendingQueue(BIN_SHIFT);
  const state = new BinState(BIN_SHIFT, [
    { name: 'counts', container: counts },
    { name: 'pending', container: pending },
  ]);
  return { state, counts, pending };
}

describe('BinState', () => {
  it('moves a bin of all containers by chunks that carry the container index', () => {
    const from = make();
    const to = make();
    const bin = binning.binOf(42);
    from.state.create(bin);
    from.counts.add(42, 7);
    for (let i = 0; i < 5; i++) from.pending.push(bin, 10 - i, 42, i);
    assert.equal(from.state.entries(bin), 6);
    const bytes = from.state.bytes(bin);

    const recorder = new ChunkRecorder(8);
    from.state.extract(bin, recorder);
    assert.equal(recorder.bytes, bytes);
    assert.ok(!from.state.hosts(bin) && !from.counts.hosts(bin) && !from.pending.hosts(bin));
    assert.deepEqual([...new Set(recorder.chunks.map(({ container }) => container))], [0, 1]);

    to.state.create(bin);
    for (const chunk of recorder.chunks) {
      deliver(chunk, (words, start, count) => to.state.install(bin, chunk.container, words, start, count));
    }
    assert.equal(to.counts.get(to.counts.find(42), 0), 7);
    assert.equal(to.pending.nextTime(), 6);
    assert.equal(to.state.bytes(bin), bytes);
  });

  it('gives up nothing of a bin that has not arrived completely', () => {
    const from = make();
    const to = make();
    const bin = binning.binOf(42);
    from.state.create(bin);
    from.counts.add(42, 7);
    for (let i = 0; i < 5; i++) from.pending.push(bin, i, 42, i);
    const recorder = new ChunkRecorder(8);
    from.state.extract(bin, recorder);
    to.state.create(bin);
    for (const { container, words } of recorder.chunks.slice(0, -1)) {
      to.state.install(bin, container, words, 0, words.length);
    }
    assert.throws(() => to.state.extract(bin, new ChunkRecorder(8)), BinError);
    assert.equal(to.counts.add(42, 1), 8);
  });

  it('hosts bins without any container', () => {
    const state = new BinState(BIN_SHIFT, []);
    state.create(3);
    const recorder = new ChunkRecorder(8);
    assert.deepEqual([state.entries(3), state.bytes(3)], [0, 0]);
    state.reserve(2);
    state.extract(3, recorder);
    assert.deepEqual([recorder.chunks, state.hosts(3)], [[], false]);
  });

  it('throws BinError for bins that are elsewhere, hosted already or none at all', () => {
    const { state } = make();
    state.create(1);
    const elsewhere = [
      () => state.entries(0),
      () => state.bytes(0),
      () => state.extract(0, new ChunkRecorder(8)),
      () => state.install(0, 0, new Float64Array(8), 0, 8),
      () => state.create(1),
      () => state.create(4),
      () => state.install(1, 2, new Float64Array(8), 0, 8),
    ];
    for (const action of elsewhere) assert.throws(action, BinError);
  });

  it('refuses two containers of one name', () => {
    const container = new PendingQueue(BIN_SHIFT);
    const twice = [
      { name: 'a', container },
      { name: 'a', container },
    ];
    assert.throws(() => new BinState(BIN_SHIFT, twice), ContainerNameError);
  });
});
