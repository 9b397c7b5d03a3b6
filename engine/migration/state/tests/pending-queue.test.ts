import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BinError, ContainerSizeError } from '../bin-error.ts';
import { NOTHING_PENDING, PendingQueue } from '../pending-queue.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { ChunkRecorder, move } from './transfer.ts';

const BINS = 2 ** BIN_SHIFT;

type Triple = [time: number, key: number, value: number];

const byOrder = (a: Triple, b: Triple): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

function hostAll(): PendingQueue {
  const queue = new PendingQueue(BIN_SHIFT);
  for (let bin = 0; bin < BINS; bin++) queue.create(bin);
  return queue;
}

function popAll(queue: PendingQueue): Triple[] {
  const popped: Triple[] = [];
  for (;;) {
    const next = queue.nextTime();
    if (!queue.pop()) return popped;
    assert.equal(queue.poppedTime, next);
    popped.push([queue.poppedTime, queue.poppedKey, queue.poppedValue]);
  }
}

checkContract<PendingQueue, Triple[]>('PendingQueue', {
  create: () => new PendingQueue(BIN_SHIFT),
  model: () => [],
  keys: 16,
  binOf: (key) => key % BINS,
  update: (queue, model, kind, key, value) => {
    const bin = key % BINS;
    if (kind < 7) {
      queue.push(bin, value % 7, key, value);
      model.push([value % 7, key, value]);
    } else if (queue.pop()) {
      const index = model.findIndex(
        ([t, k, v]) => t === queue.poppedTime && k === queue.poppedKey && v === queue.poppedValue,
      );
      assert.ok(index >= 0, 'popped a triple that was never pushed');
      model.splice(index, 1);
    }
  },
  compare: (queue, model, bin) => {
    const expected = model.filter(([, key]) => key % BINS === bin);
    assert.equal(queue.entries(bin), expected.length);
    assert.equal(queue.minTime(bin), Math.min(NOTHING_PENDING, ...expected.map(([time]) => time)));
    // What the bin's chunks hold pops in total order; the same chunks give the queue its bin back.
    const copy = new PendingQueue(BIN_SHIFT);
    const recorder = new ChunkRecorder(64);
    queue.extract(bin, recorder);
    for (const target of [queue, copy]) {
      target.create(bin);
      for (const { words } of recorder.chunks) target.install(bin, words, 0, words.length);
    }
    assert.deepEqual(popAll(copy), expected.sort(byOrder));
    assert.equal(queue.entries(bin), expected.length);
  },
  accesses: [(queue, key) => queue.push(key % BINS, 1, key, 1), (queue, key) => queue.minTime(key % BINS)],
  emptyTransfers: false,
});

const triple = fc.tuple(fc.nat(20), fc.nat(30), fc.nat(5));

describe('PendingQueue', () => {
  it('pops in the total order of (time, key, value), whatever the order of pushes', () => {
    fc.assert(
      fc.property(fc.array(triple, { maxLength: 300 }), (triples) => {
        const queue = hostAll();
        for (const [time, key, value] of triples) queue.push(key % BINS, time, key, value);
        assert.equal(queue.size, triples.length);
        assert.deepEqual(popAll(queue), [...triples].sort(byOrder));
        assert.equal(queue.size, 0);
        assert.equal(queue.nextTime(), NOTHING_PENDING);
      }),
    );
  });

  it('pops the smallest triple that is hosted, amid pushes and bins that come and go', () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('push' as const), triple }) },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('pop' as const) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('move' as const), bin: fc.nat(BINS - 1) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const here = hostAll();
        const there = new PendingQueue(BIN_SHIFT);
        let pending: Triple[] = [];
        for (const step of actions) {
          if (step.type === 'push') {
            const [time, key, value] = step.triple;
            const bin = key % BINS;
            (here.hosts(bin) ? here : there).push(bin, time, key, value);
            pending.push(step.triple);
          } else if (step.type === 'move') {
            if (here.hosts(step.bin)) move(step.bin, here, there, 8);
            else move(step.bin, there, here, 8);
          } else {
            const smallest = pending.filter(([, key]) => here.hosts(key % BINS)).sort(byOrder)[0];
            assert.equal(here.nextTime(), smallest?.[0] ?? NOTHING_PENDING);
            assert.equal(here.pop(), smallest !== undefined);
            if (smallest === undefined) continue;
            assert.deepEqual([here.poppedTime, here.poppedKey, here.poppedValue], smallest);
            pending = pending.filter((candidate) => candidate !== smallest);
          }
        }
        assert.equal(here.size + there.size, pending.length);
      }),
    );
  });

  it('keeps the total order when triples are pushed before and after the horizon', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(triple, fc.nat(20)), { maxLength: 200 }), (pushes) => {
        const queue = hostAll();
        for (const [[time, key, value], horizon] of pushes) {
          queue.horizon = horizon;
          queue.push(key % BINS, time, key, value);
        }
        assert.equal(queue.size, pushes.length);
        assert.deepEqual(popAll(queue), pushes.map(([pushed]) => pushed).sort(byOrder));
        assert.equal(queue.size, 0);
      }),
    );
  });

  it('lets no bin leave before everything before the horizon was popped', () => {
    const queue = hostAll();
    queue.horizon = 10;
    queue.push(1, 9, 1, 0);
    assert.throws(() => queue.extract(1, new ChunkRecorder(8)), BinError);
    assert.ok(queue.pop());
    queue.extract(1, new ChunkRecorder(8));
    assert.equal(queue.hosts(1), false);
  });

  it('hides a bin until all of its chunks have arrived', () => {
    const left = hostAll();
    for (let i = 0; i < 10; i++) left.push(1, 5 + i, 1, i);
    const right = new PendingQueue(BIN_SHIFT);
    right.create(1);
    const recorder = new ChunkRecorder(8);
    left.extract(1, recorder);
    for (const { words } of recorder.chunks) {
      assert.equal(right.nextTime(), NOTHING_PENDING);
      right.install(1, words, 0, words.length);
    }
    assert.equal(right.nextTime(), 5);
    assert.equal(right.size, 10);
  });

  it('builds arriving bins from the memory of bins that left', () => {
    const left = hostAll();
    for (let i = 0; i < 100; i++) left.push(2, i, 2, i);
    const right = new PendingQueue(BIN_SHIFT);
    move(2, left, right, 50);
    const pooled = left.pooledWords;
    assert.ok(pooled >= 300);
    move(2, right, left, 50);
    assert.deepEqual([left.pooledWords, right.pooledWords], [0, pooled]);
  });

  it('refuses an expected size that is no positive integer', () => {
    assert.throws(() => new PendingQueue(BIN_SHIFT, { expectedEntriesPerBin: 0 }), ContainerSizeError);
  });
});
