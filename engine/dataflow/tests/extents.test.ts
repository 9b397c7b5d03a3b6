import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { allocateHeap, Extents, HeapError, WORD_BYTES } from '../extents.ts';

/** A heap with room for `words` words. */
const heapOf = (words: number): SharedArrayBuffer => allocateHeap(words * WORD_BYTES);

interface Held {
  readonly offset: number;
  readonly length: number;
  readonly mark: number;
}

describe('extents', () => {
  it('of several workers in one heap never overlap, and start on cache lines', () => {
    const allocate = fc.record({
      kind: fc.constant('allocate' as const),
      worker: fc.nat(2),
      length: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(512, 3000)),
    });
    const free = fc.record({ kind: fc.constant('free' as const), worker: fc.nat(2), which: fc.nat() });
    const actions = fc.array(fc.oneof({ weight: 2, arbitrary: allocate }, { weight: 1, arbitrary: free }), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(actions, (list) => {
        const heap = heapOf(2 ** 20);
        const workers = [new Extents(heap), new Extents(heap), new Extents(heap)] as const;
        const held: Held[] = [];
        list.forEach((step, mark) => {
          const extents = workers[step.worker]!;
          if (step.kind === 'allocate') {
            const offset = extents.allocate(step.length);
            assert.equal(offset % 8, 0);
            assert.ok(offset >= 0 && offset + step.length <= extents.words.length);
            // Whoever wrote into another's extent shows when all of them are read below.
            extents.words.fill(mark, offset, offset + step.length);
            held.push({ offset, length: step.length, mark });
          } else if (held.length > 0) {
            const [gone] = held.splice(step.which % held.length, 1);
            extents.free(gone!.offset, gone!.length);
          }
        });
        for (const { offset, length, mark } of held) {
          assert.ok(workers[0].words.subarray(offset, offset + length).every((word) => word === mark));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are reused by length, also those that another worker has allocated', () => {
    const heap = heapOf(2 ** 20);
    const [one, other] = [new Extents(heap), new Extents(heap)];
    const offset = one.allocate(100);
    other.free(offset, 100);
    assert.notEqual(other.allocate(99), offset);
    assert.equal(one.allocate(100), offset);
    assert.notEqual(one.allocate(100), offset);
  });

  it('are reused in the reverse order of freeing, by whichever worker', () => {
    const heap = heapOf(2 ** 20);
    const [one, other] = [new Extents(heap), new Extents(heap)];
    const offsets = Array.from({ length: 5 }, () => one.allocate(24));
    for (const [at, offset] of offsets.entries()) (at % 2 === 0 ? one : other).free(offset, 24);
    assert.deepEqual(
      offsets.map(() => other.allocate(24)),
      [...offsets].reverse(),
    );
  });

  it('of large lengths leave no gaps, those of small lengths share a slab', () => {
    const extents = new Extents(heapOf(2 ** 20));
    const large = 2 ** 13;
    const [first, small, second, nextSmall] = [
      extents.allocate(large),
      extents.allocate(8),
      extents.allocate(large),
      extents.allocate(8),
    ] as const;
    assert.equal(first, 0);
    assert.equal(second, small + 2 ** 14);
    assert.equal(nextSmall, small + 8);
  });

  it('of more lengths than there are lists are not used again', () => {
    const extents = new Extents(heapOf(2 ** 22));
    const offsets = Array.from({ length: 600 }, (_, at) => extents.allocate(at + 1));
    offsets.forEach((offset, at) => extents.free(offset, at + 1));
    const again = offsets.filter((offset, at) => extents.allocate(at + 1) === offset).length;
    assert.equal(again, 512);
  });

  it('that do not fit are refused, and smaller ones still fit', () => {
    const extents = new Extents(heapOf(2 ** 18));
    assert.throws(() => extents.allocate(2 ** 18 + 1), {
      name: 'HeapError',
      message: `state: ${(2 ** 18 + 8) * WORD_BYTES} more bytes do not fit into the heap of 2 MiB; expected a larger heap`,
    });
    const offset = extents.allocate(2 ** 17);
    assert.throws(() => extents.allocate(2 ** 17 + 1), HeapError);
    const second = extents.allocate(2 ** 17);
    assert.notEqual(second, offset);
    assert.throws(() => extents.allocate(1), HeapError);
    extents.free(offset, 2 ** 17);
    assert.equal(extents.allocate(2 ** 17), offset);
  });

  it('copy words wherever they lie in a large heap', () => {
    const extents = new Extents(allocateHeap(5 * 2 ** 30));
    const gibibyte = 2 ** 27;
    const places = [3, gibibyte - 3, gibibyte + 99, 2 * gibibyte - 4, 4 * gibibyte - 2, 4 * gibibyte + 99];
    const block = Buffer.alloc(80);
    for (const from of places) {
      for (const to of places) {
        if (from === to) continue;
        for (let word = 0; word < 9; word++) extents.words[from + word] = from + word;
        extents.words[to + 9] = -1;
        extents.copy(from, 9, to);
        assert.deepEqual(
          [...extents.words.subarray(to, to + 10)],
          [...Array.from({ length: 9 }, (_, word) => from + word), -1],
        );
        extents.read(to, 9, block, 8);
        assert.deepEqual([block.readDoubleLE(0), block.readDoubleLE(8), block.readDoubleLE(72)], [0, from, from + 8]);
        extents.write(block, 16, 8, to);
        assert.deepEqual(
          [extents.words[to], extents.words[to + 7], extents.words[to + 8]],
          [from + 1, from + 8, from + 8],
        );
      }
    }
  });

  it('copy words, and mean the same memory to every worker', () => {
    const heap = heapOf(2 ** 18);
    const [one, other] = [new Extents(heap), new Extents(heap)];
    const [from, to] = [one.allocate(16), other.allocate(16)];
    one.words.fill(5, from, from + 16);
    other.words.fill(0, to, to + 16);
    other.copy(from, 9, to);
    assert.deepEqual([...one.words.subarray(to, to + 16)], [...Array<number>(9).fill(5), ...Array<number>(7).fill(0)]);
    one.words[from] = 1;
    assert.equal(other.words[from], 1);
  });
});
