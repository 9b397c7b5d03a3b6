import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allocateHeap, Extents } from '../../../dataflow/extents.ts';
import { LowBitsBinning } from '../../binning.ts';
import { BinError, ContainerSizeError } from '../bin-error.ts';
import { emptyImage, type Image } from '../container.ts';
import { NOTHING_PENDING, PendingQueue } from '../pending-queue.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { extentsOf, type Handoff, move } from './moves.ts';

const BINS = 2 ** BIN_SHIFT;
const binning = new LowBitsBinning(BIN_SHIFT);

type Triple = [time: number, key: number, value: number];

const byOrder = (a: Triple, b: Triple): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** A queue and the memory that its entries stand in. */
class Hosted {
  readonly extents: Extents;
  readonly queue: PendingQueue;

  constructor(extents = extentsOf(1)[0]!, bins: readonly number[] = [0, 1, 2, 3]) {
    this.extents = extents;
    this.queue = new PendingQueue({ binning, extents }, { expectedEntriesPerBin: 2 });
    for (const bin of bins) this.queue.create(bin);
  }

  first(): Triple {
    return firstOf(this.queue, this.extents);
  }

  popAll(): Triple[] {
    const popped: Triple[] = [];
    while (this.queue.nextTime() !== NOTHING_PENDING) {
      popped.push(this.first());
      this.queue.pop();
    }
    return popped;
  }
}

function firstOf(queue: PendingQueue, { words }: Extents): Triple {
  const at = queue.first();
  assert.equal(words[at], queue.nextTime());
  return [words[at], words[at + 1]!, words[at + 2]!];
}

/** Pops the first entry of all from the queue and from the model. */
function popBoth({ queue, extents }: Subject, model: Triple[]): void {
  if (queue.nextTime() === NOTHING_PENDING) return;
  const [time, key, value] = firstOf(queue, extents);
  queue.pop();
  const index = model.findIndex(([t, k, v]) => t === time && k === key && v === value);
  assert.ok(index >= 0, 'popped a triple that was never pushed');
  model.splice(index, 1);
}

interface Subject {
  readonly queue: PendingQueue;
  readonly extents: Extents;
}

checkContract<Subject, Triple[]>('PendingQueue', {
  create: (extents) => ({ queue: new PendingQueue({ binning, extents }, { expectedEntriesPerBin: 2 }), extents }),
  parts: ({ queue }) => [queue],
  model: () => [],
  keys: 16,
  binOf: (key) => key % BINS,
  update: (subject, model, kind, key, value) => {
    if (kind < 7) {
      subject.queue.push(key % BINS, value % 7, key, value);
      model.push([value % 7, key, value]);
    } else {
      popBoth(subject, model);
    }
  },
  compare: ({ queue, extents }, model, bin) => {
    const expected = model.filter(([, key]) => key % BINS === bin);
    assert.equal(queue.entries(bin), expected.length);
    // What the bin's image holds pops in total order from a copy; the queue gets its bin back.
    const image: Image = emptyImage();
    queue.release(bin, image);
    const copy = new Hosted(new Extents(allocateHeap(2 ** 16)), []);
    const offset = image.capacity === 0 ? 0 : copy.extents.allocate(image.capacity);
    copy.extents.words.set(extents.words.subarray(image.offset, image.offset + image.used), offset);
    copy.queue.adopt(bin, { ...image, offset });
    queue.adopt(bin, image);
    assert.deepEqual(copy.popAll(), expected.sort(byOrder));
    assert.equal(queue.entries(bin), expected.length);
  },
  accesses: [({ queue }, key) => queue.push(key % BINS, 1, key, 1)],
  emptyTransfers: false,
  exactBytes: true,
});

const triple = fc.tuple(fc.nat(20), fc.nat(30), fc.nat(5));

describe('PendingQueue', () => {
  it('hands out the total order of (time, key, value), whatever the order of pushes', () => {
    fc.assert(
      fc.property(fc.array(triple, { maxLength: 300 }), (triples) => {
        const hosted = new Hosted();
        for (const [time, key, value] of triples) hosted.queue.push(key % BINS, time, key, value);
        assert.equal(hosted.queue.size, triples.length);
        assert.deepEqual(hosted.popAll(), [...triples].sort(byOrder));
        assert.deepEqual([hosted.queue.size, hosted.queue.totalBytes], [0, 0]);
        assert.equal(hosted.queue.nextTime(), NOTHING_PENDING);
      }),
    );
  });

  it('has the smallest triple that is hosted first, amid pushes and bins that come and go', () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('push' as const), triple }) },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('pop' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('move' as const),
          bin: fc.nat(BINS - 1),
          handoff: fc.constantFrom<Handoff>('share', 'copy'),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const [one, other] = extentsOf(2) as [Extents, Extents];
        const [here, there] = [new Hosted(one), new Hosted(other, [])];
        let pending: Triple[] = [];
        const end = ({ queue, extents }: Hosted) => ({ container: queue, extents });
        for (const step of actions) {
          if (step.type === 'push') {
            const [time, key, value] = step.triple;
            const bin = key % BINS;
            (here.queue.hosts(bin) ? here : there).queue.push(bin, time, key, value);
            pending.push(step.triple);
          } else if (step.type === 'move') {
            if (here.queue.hosts(step.bin)) move(step.bin, end(here), end(there), step.handoff);
            else move(step.bin, end(there), end(here), step.handoff);
          } else {
            const smallest = pending.filter(([, key]) => here.queue.hosts(key % BINS)).sort(byOrder)[0];
            assert.equal(here.queue.nextTime(), smallest?.[0] ?? NOTHING_PENDING);
            if (smallest === undefined) continue;
            assert.deepEqual(here.first(), smallest);
            here.queue.pop();
            pending = pending.filter((candidate) => candidate !== smallest);
          }
        }
        assert.equal(here.queue.size + there.queue.size, pending.length);
        assert.equal(here.queue.totalBytes + there.queue.totalBytes, 24 * pending.length);
      }),
    );
  });

  it('refuses entries of a bin that is elsewhere', () => {
    const { queue } = new Hosted(undefined, [1]);
    assert.throws(() => queue.push(0, 1, 0, 0), BinError);
    assert.equal(queue.size, 0);
  });

  it('refuses sizes that are no positive integers', () => {
    const extents = extentsOf(1)[0]!;
    for (const size of [0, -1, 1.5]) {
      const make = () => new PendingQueue({ binning, extents }, { expectedEntriesPerBin: size });
      assert.throws(make, ContainerSizeError);
    }
  });
});
