import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { type Batch, BatchPool } from '../../dataflow/batch.ts';
import { allocateHeap, Extents } from '../../dataflow/extents.ts';
import type { Pusher } from '../../dataflow/pushers.ts';
import { ContentsWriter } from '../../transport/contents-writer.ts';
import { ringBytes, RingReceiver, RingSender } from '../../transport/ring.ts';
import { HashedBinning } from '../binning.ts';
import { type Handoff, type StateColumns, StateReceiver, stateSchema, StateSender } from '../state-channel.ts';
import { BinState } from '../state/bin-state.ts';
import { HashTable } from '../state/hash-table.ts';
import { MapContainer } from '../state/map-container.ts';
import { Multimap } from '../state/multimap.ts';
import { NOTHING_PENDING, PendingQueue } from '../state/pending-queue.ts';

const BIN_SHIFT = 2;
const BINS = 2 ** BIN_SHIFT;
const binning = new HashedBinning(BIN_SHIFT);

const extentsOf = (heap: ArrayBufferLike = allocateHeap(2 ** 22)): Extents => new Extents(heap);

interface Entry {
  readonly key: number;
  readonly a: number;
  readonly text: string;
}

/** Containers of every kind, in one worker's memory. */
class Side {
  readonly extents: Extents;
  readonly rows: HashTable;
  readonly texts: MapContainer<string>;
  readonly lists: Multimap;
  readonly pending: PendingQueue;
  readonly state: BinState;

  constructor(extents = extentsOf(), hosted: readonly number[] = []) {
    const bins = { binning, extents };
    this.extents = extents;
    this.rows = new HashTable(bins, 2);
    this.texts = new MapContainer(bins);
    this.lists = new Multimap(bins, 1);
    this.pending = new PendingQueue(bins);
    const { rows, texts, lists, pending } = this;
    this.state = new BinState(BIN_SHIFT, { rows, texts, lists, pending });
    for (const bin of hosted) this.state.create(bin);
  }

  apply({ key, a, text }: Entry): void {
    const row = this.rows.insert(key);
    this.rows.set(row, 0, a);
    this.rows.set(row, 1, this.rows.get(row, 1) + 1);
    this.texts.set(key, text);
    this.lists.set(this.lists.append(key), 0, a);
    this.pending.push(binning.binOf(key), 5 + (key % 3), key, a);
  }

  /** What the containers hold of each key. */
  contents(keys: readonly number[]): unknown {
    return keys.map((key) => {
      const row = this.rows.find(key);
      const values = row < 0 ? null : [this.rows.get(row, 0), this.rows.get(row, 1)];
      const list: number[] = [];
      for (let at = this.lists.first(key); at >= 0; at = this.lists.next(at)) list.push(this.lists.get(at, 0));
      return { key, values, list, text: this.texts.get(key) };
    });
  }

  /** Pops all pending entries. */
  entries(): number[][] {
    const popped: number[][] = [];
    while (this.pending.nextTime() !== NOTHING_PENDING) {
      const at = this.pending.first();
      popped.push([...this.extents.words.subarray(at, at + 3)]);
      this.pending.pop();
    }
    return popped;
  }
}

/** A channel from one side to another. */
class Joined {
  readonly sender: StateSender;
  readonly pusher: Pusher<StateColumns>;
  readonly ring: RingReceiver<StateColumns>;
  receiver: StateReceiver;
  /** Times of the batches that arrived. */
  readonly times = new Set<number>();
  readonly #link: ContentsWriter | null;
  readonly #contents: Batch<StateColumns>;

  constructor(from: Side, to: Side, sharesExtents: boolean, handoff: Handoff = 'copy', rows = 72, slots = 2) {
    const channel = { id: 0, name: 'F -> S', schema: stateSchema, rows, slots, output: 0, namesExtents: true };
    const buffer = new ArrayBuffer(ringBytes(channel));
    this.sender = new StateSender(from.state, from.extents, handoff);
    this.pusher = this.sender.pact.pusher(channel, [new RingSender(channel, buffer, 0, sharesExtents)], rows);
    this.ring = new RingReceiver<StateColumns>(channel, buffer, 0);
    this.receiver = new StateReceiver(to.state, to.extents, handoff);
    this.#link = sharesExtents ? null : new ContentsWriter(from.extents);
    this.#contents = new BatchPool(stateSchema, rows).take();
  }

  /** Receives at most one batch, or a frame of what it names; returns whether there was one. */
  receiveOne(): boolean {
    this.pusher.flush();
    this.pusher.retry();
    if (this.ring.available() === 0) return false;
    const batch = this.ring.at(0);
    this.times.add(batch.time);
    if (this.#link === null) this.receiver.receive(batch);
    else {
      const contents = this.#contents;
      contents.time = batch.time;
      contents.length = this.#link.write(batch, contents.memory, contents.starts[0]!, contents.capacity);
      this.receiver.receive(contents);
      contents.columns.word.fill(NaN);
      if (!this.#link.ends(batch)) return true;
    }
    batch.columns.word.fill(NaN);
    this.ring.release(1);
    return true;
  }

  receiveAll(): void {
    while (this.receiveOne());
  }
}

const allBins: readonly number[] = [0, 1, 2, 3];
const key = fc.oneof(fc.nat(60), fc.maxSafeNat());
const entry = fc.record({ key, a: fc.integer(), text: fc.string({ maxLength: 60 }) });
const entries = fc.array(entry, { maxLength: 80 });

describe('the state channel', () => {
  it('brings bins through tiny batches and a full ring where memory is not shared', () => {
    const sizes = fc.record({
      rows: fc.constantFrom(32, 72),
      slots: fc.constantFrom(2, 4),
      handoff: fc.constantFrom('copy' as const, 'share' as const),
    });
    fc.assert(
      fc.property(entries, fc.subarray([...allBins]), sizes, (list, moved, { rows, slots, handoff }) => {
        const [source, target, expected] = [new Side(extentsOf(), allBins), new Side(), new Side(extentsOf(), allBins)];
        for (const side of [source, expected]) for (const item of list) side.apply(item);
        const joined = new Joined(source, target, false, handoff, rows, slots);
        for (const bin of moved) {
          const announced = source.state.containers.map((container) => container.bytes(bin));
          const sent = joined.sender.send(bin, 0, 9);
          const used = source.state.images.map((image) => 8 * image.used);
          assert.equal(
            sent,
            used.reduce((sum, bytes) => sum + bytes, 0),
          );
          source.state.containers.forEach((container, i) => {
            if (!(container instanceof MapContainer)) assert.equal(used[i], announced[i]);
          });
          assert.equal(source.state.hosts(bin), false);
        }
        joined.receiveAll();
        assert.deepEqual([...joined.times], moved.length === 0 ? [] : [9]);
        joined.sender.reclaim(10);
        assert.deepEqual([joined.sender.lentSince, joined.pusher.queuedBytes()], [Infinity, 0]);
        for (const bin of allBins) assert.equal(target.state.hosts(bin), moved.includes(bin));
        const keys = list.map((item) => item.key).filter((k) => moved.includes(binning.binOf(k)));
        assert.deepEqual(target.contents(keys), expected.contents(keys));
        const due = expected.entries().filter(([, k]) => moved.includes(binning.binOf(k!)));
        assert.deepEqual(target.entries(), due);
      }),
      { numRuns: 60 },
    );
  });

  for (const handoff of ['copy', 'share'] as const) {
    it(`hands extents of shared memory over (${handoff}), back and forth amid updates`, () => {
      const burst = fc.record({
        items: fc.array(entry, { maxLength: 20 }),
        bin: fc.nat(BINS - 1),
        reclaims: fc.boolean(),
      });
      fc.assert(
        fc.property(fc.array(burst, { maxLength: 15 }), (bursts) => {
          const heap = allocateHeap(2 ** 22);
          const sides = [new Side(extentsOf(heap), allBins), new Side(extentsOf(heap))] as const;
          const expected = new Side(extentsOf(), allBins);
          const ways = [
            new Joined(sides[0], sides[1], true, handoff),
            new Joined(sides[1], sides[0], true, handoff),
          ] as const;
          const hostOf = (bin: number): 0 | 1 => (sides[0].state.hosts(bin) ? 0 : 1);
          bursts.forEach(({ items, bin, reclaims }, time) => {
            for (const item of items) {
              sides[hostOf(binning.binOf(item.key))].apply(item);
              expected.apply(item);
            }
            const from = hostOf(bin);
            ways[from].sender.send(bin, 0, time);
            // What the sender does before the bin has arrived must not touch it.
            const other = items.find(
              (item) => hostOf(binning.binOf(item.key)) === from && binning.binOf(item.key) !== bin,
            );
            if (other !== undefined) {
              sides[from].apply(other);
              expected.apply(other);
            }
            ways[from].receiveAll();
            assert.equal(hostOf(bin), 1 - from);
            if (reclaims) for (const { sender } of ways) sender.reclaim(time + 1);
          });
          for (const side of [0, 1] as const) {
            const keys = bursts.flatMap(({ items }) => items.map((item) => item.key));
            const here = keys.filter((k) => hostOf(binning.binOf(k)) === side);
            assert.deepEqual(sides[side].contents(here), expected.contents(here));
          }
          const bytes = (list: readonly Side[]): number => list.reduce((sum, { state }) => sum + state.totalBytes, 0);
          const walked = (side: Side): number =>
            side.state.containers.reduce(
              (sum, container) => sum + allBins.reduce((s, b) => s + (container.hosts(b) ? container.bytes(b) : 0), 0),
              0,
            );
          assert.equal(bytes(sides), walked(sides[0]) + walked(sides[1]));
          const due = [...sides[0].entries(), ...sides[1].entries()];
          const inOrder = (list: number[][]): string[] => list.map((triple) => triple.join(' ')).sort();
          assert.deepEqual(inOrder(due), inOrder(expected.entries()));
        }),
        { numRuns: 40 },
      );
    });
  }

  it('keeps lent extents until every worker has passed their time', () => {
    const heap = allocateHeap(2 ** 22);
    const [source, target] = [new Side(extentsOf(heap), allBins), new Side(extentsOf(heap))];
    for (let k = 0; k < 200; k++) source.apply({ key: k, a: k, text: `${k}` });
    const { sender } = new Joined(source, target, true, 'copy');
    sender.send(1, 0, 5);
    const first = source.state.images.map((image) => ({ ...image })).filter(({ capacity }) => capacity > 0);
    sender.send(2, 0, 8);
    assert.equal(first.length, 5);
    const taken = (): number[] => {
      const found = first.map(({ capacity }) => source.extents.allocate(capacity));
      found.forEach((offset, i) => source.extents.free(offset, first[i]!.capacity));
      return found;
    };
    const lent = new Set(first.map(({ offset }) => offset));
    sender.reclaim(5);
    assert.equal(sender.lentSince, 5);
    assert.ok(taken().every((offset) => !lent.has(offset)));
    sender.reclaim(6);
    assert.equal(sender.lentSince, 8);
    assert.deepEqual(new Set(taken()), lent);
    sender.reclaim(9);
    assert.equal(sender.lentSince, Infinity);
  });

  for (const [handoff, extents] of [
    ['copy', 2],
    ['share', 1],
  ] as const) {
    it(`keeps ${extents} extent(s) of each container of a bin until it has left a process (${handoff})`, () => {
      const [source, target] = [new Side(extentsOf(), allBins), new Side()];
      for (let k = 0; k < 50; k++) source.apply({ key: k, a: k, text: `${k}` });
      const { sender, pusher } = new Joined(source, target, false, handoff);
      const bytes = sender.send(1, 0, 5);
      assert.equal(pusher.queuedBytes(), bytes);
      const sent = source.state.images.map(({ offset }) => offset);
      const free = (): number[] =>
        Array.from({ length: extents }, () =>
          source.state.images.map(({ capacity }) => source.extents.allocate(capacity)),
        ).flat();
      assert.ok(free().every((offset) => !sent.includes(offset)));
      sender.reclaim(6);
      assert.equal(pusher.queuedBytes(), 0);
      const freed = free();
      assert.ok(sent.every((offset) => freed.includes(offset)));
    });
  }

  it('lends nothing when memory changes hands', () => {
    const heap = allocateHeap(2 ** 22);
    const [source, target] = [new Side(extentsOf(heap), allBins), new Side(extentsOf(heap))];
    for (let k = 0; k < 50; k++) source.apply({ key: k, a: k, text: '' });
    const joined = new Joined(source, target, true, 'share');
    joined.sender.send(1, 0, 5);
    const offsets = source.state.images.map(({ offset }) => offset);
    assert.equal(joined.sender.lentSince, Infinity);
    joined.receiveAll();
    target.state.release(1);
    const again = target.state.images.map(({ offset }) => offset);
    // The map was rebuilt on the heap of the language; all else is where it was.
    assert.deepEqual([again[0], ...again.slice(2)], [offsets[0], ...offsets.slice(2)]);
  });

  it('assembles bins whose parts arrive in turns', () => {
    const [left, right] = [new Side(extentsOf(), [0, 1]), new Side(extentsOf(), [2, 3])];
    const [target, expected] = [new Side(), new Side(extentsOf(), allBins)];
    const keys = Array.from({ length: 120 }, (_, k) => k);
    for (const k of keys) {
      const item = { key: k, a: -k, text: 'text of '.repeat(k % 4) };
      (binning.binOf(k) < 2 ? left : right).apply(item);
      expected.apply(item);
    }
    const ways = [new Joined(left, target, false), new Joined(right, target, false)] as const;
    const receiver = new StateReceiver(target.state, target.extents, 'copy');
    for (const bin of allBins) ways[bin < 2 ? 0 : 1].sender.send(bin, 0, 3);
    let turns = 0;
    for (let busy = true; busy; turns++) {
      busy = false;
      for (const way of ways) {
        way.receiver = receiver;
        if (way.receiveOne()) busy = true;
      }
    }
    assert.ok(turns > 10);
    assert.deepEqual(target.contents(keys), expected.contents(keys));
    assert.deepEqual(target.entries(), expected.entries());
  });

  it('hosts no bin before all of it has arrived', () => {
    const [source, target] = [new Side(extentsOf(), allBins), new Side()];
    for (let k = 0; k < 50; k++) source.apply({ key: k, a: k, text: '' });
    const joined = new Joined(source, target, false);
    joined.sender.send(1, 0, 3);
    let batches = 0;
    while (!target.state.hosts(1)) {
      assert.ok(target.state.containers.every((container) => !container.hosts(1)));
      assert.ok(joined.receiveOne());
      batches += 1;
    }
    assert.ok(batches > 2);
    assert.equal(joined.receiveOne(), false);
  });

  it('hosts an empty bin as soon as its head has come, with or without shared memory', () => {
    for (const [sharesExtents, handoff] of [
      [false, 'copy'],
      [true, 'copy'],
      [true, 'share'],
    ] as const) {
      const heap = allocateHeap(2 ** 20);
      const [source, target] = [new Side(extentsOf(heap), [3]), new Side(extentsOf(heap))];
      const joined = new Joined(source, target, sharesExtents, handoff);
      assert.equal(joined.sender.send(3, 0, 4), 0);
      joined.receiveAll();
      assert.deepEqual([target.state.hosts(3), target.state.totalBytes], [true, 0]);
      target.apply({ key: keyIn(3), a: 1, text: 'new' });
    }
  });

  it('lets small bins share a batch', () => {
    const [source, target] = [new Side(extentsOf(), allBins), new Side()];
    const joined = new Joined(source, target, false);
    joined.sender.send(0, 0, 4);
    joined.sender.send(1, 0, 4);
    joined.pusher.flush();
    assert.equal(joined.ring.available(), 1);
    joined.receiveAll();
    assert.ok(target.state.hosts(0) && target.state.hosts(1));
  });

  it('refuses contents of a bin that was not announced, and more of them than were', () => {
    const [source, target] = [new Side(extentsOf(), allBins), new Side()];
    const body = new BatchPool(stateSchema, 1024).take();
    const receiver = new StateReceiver(target.state, target.extents, 'copy');
    body.columns.word.set([3, 2, 4, 0, 1, 1, 1, 1]);
    body.length = 8;
    assert.throws(() => receiver.receive(body), {
      name: 'EngineError',
      message: 'state channel: 4 words of bin 3 arrive; expected at most 0',
    });
    source.apply({ key: keyIn(3), a: 1, text: '' });
    const joined = new Joined(source, target, false, 'copy', 32);
    joined.sender.send(3, 0, 4);
    assert.ok(joined.receiveOne());
    body.columns.word.set([3, 2, 1000, 0]);
    body.length = 1004;
    assert.throws(() => joined.receiver.receive(body), /1000 words of bin 3 arrive; expected at most [1-9]\d*$/);
    assert.equal(target.state.hosts(3), false);
  });

  it('is not written by pushing batches', () => {
    const joined = new Joined(new Side(), new Side(), false);
    assert.throws(() => joined.pusher.push(new BatchPool(stateSchema, 8).take()), {
      name: 'EngineError',
      message: 'state channel: bins are written through a StateSender, not pushed',
    });
  });
});

/** The least key of a bin. */
function keyIn(bin: number): number {
  for (let k = 0; ; k++) if (binning.binOf(k) === bin) return k;
}
