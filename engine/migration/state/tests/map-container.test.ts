import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allocateHeap, Extents } from '../../../dataflow/extents.ts';
import { HashedBinning } from '../../binning.ts';
import { emptyImage } from '../container.ts';
import { MapContainer } from '../map-container.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { extentsOf, type Hosting, move } from './moves.ts';

const binning = new HashedBinning(BIN_SHIFT);
const KEYS = 20;

interface Visits {
  name: string;
  times: number[];
}

checkContract<MapContainer<Visits>, Map<number, Visits>>('MapContainer', {
  create: (extents) => new MapContainer({ binning, extents }),
  parts: (container) => [container],
  model: () => new Map(),
  keys: KEYS,
  binOf: (key) => binning.binOf(key),
  update: (container, model, kind, key, value) => {
    if (kind < 5) {
      const times = [...(model.get(key)?.times ?? []), value];
      model.set(key, { name: `key ${key}`, times });
      const result = container.update(key, (old) => ({ name: `key ${key}`, times: [...(old?.times ?? []), value] }));
      assert.deepEqual(result, model.get(key));
    } else if (kind < 7) {
      model.set(key, { name: 'µ', times: [value] });
      container.set(key, { name: 'µ', times: [value] });
    } else {
      assert.equal(container.delete(key), model.delete(key));
    }
  },
  compare: (container, model, bin) => {
    const seen = new Map<number, Visits>();
    container.forEachInBin(bin, (key, value) => seen.set(key, value));
    assert.deepEqual(seen, new Map([...model].filter(([key]) => binning.binOf(key) === bin)));
    assert.equal(container.entries(bin), seen.size);
    for (let key = 0; key < KEYS; key++) {
      if (binning.binOf(key) !== bin) continue;
      assert.equal(container.has(key), model.has(key));
      assert.deepEqual(container.get(key), model.get(key));
    }
  },
  accesses: [
    (container, key) => container.get(key),
    (container, key) => container.has(key),
    (container, key) => container.set(key, { name: '', times: [] }),
    (container, key) => container.update(key, (old) => old ?? { name: '', times: [] }),
    (container, key) => container.delete(key),
    (container, key) => container.forEachInBin(binning.binOf(key), () => undefined),
  ],
  emptyTransfers: false,
  exactBytes: false,
});

describe('MapContainer', () => {
  it('frees the extent that a bin arrived in', () => {
    const [one, other] = extentsOf(2) as [Extents, Extents];
    const left = new MapContainer<string>({ binning, extents: one });
    const right = new MapContainer<string>({ binning, extents: other });
    const bin = binning.binOf(5);
    left.create(bin);
    left.set(5, 'five');
    const image = emptyImage();
    left.release(bin, image);
    right.adopt(bin, image);
    assert.equal(other.allocate(image.capacity), image.offset);
    assert.equal(right.get(5), 'five');
  });

  it('uses the memory of a bin again although its size changes with every move', () => {
    const heap = allocateHeap(2 ** 20);
    const hosts = [0, 1].map(() => {
      const extents = new Extents(heap);
      return { container: new MapContainer<Uint8Array>({ binning, extents }), extents };
    }) as [Hosting<MapContainer<Uint8Array>>, Hosting<MapContainer<Uint8Array>>];
    const bin = binning.binOf(5);
    hosts[0].container.create(bin);
    for (let i = 0; i < 600; i++) {
      const [from, to] = i % 2 === 0 ? hosts : ([hosts[1], hosts[0]] as const);
      from.container.set(5, new Uint8Array(8192 + 6 * i));
      move(bin, from, to, 'copy');
      assert.equal(to.container.get(5)!.length, 8192 + 6 * i);
    }
  });

  it('moves values of any structure, bit by bit', () => {
    const value = fc.oneof(
      fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
      fc.uint8Array({ maxLength: 100 }),
    );
    fc.assert(
      fc.property(value, fc.constantFrom('share' as const, 'copy' as const), (v, handoff) => {
        const [one, other] = extentsOf(2) as [Extents, Extents];
        const left = new MapContainer<unknown>({ binning, extents: one });
        const right = new MapContainer<unknown>({ binning, extents: other });
        const bin = binning.binOf(5);
        left.create(bin);
        left.set(5, structuredClone(v));
        move(bin, { container: left, extents: one }, { container: right, extents: other }, handoff);
        assert.deepEqual(right.get(5), structuredClone(v));
      }),
    );
  });

  it('writes words that are whole numbers, so that no copy can change them', () => {
    const extents = extentsOf(1)[0]!;
    const container = new MapContainer<Uint8Array>({ binning, extents });
    const bin = binning.binOf(5);
    container.create(bin);
    container.set(5, new Uint8Array(64).fill(0xff));
    const image = emptyImage();
    container.release(bin, image);
    const words = extents.words.subarray(image.offset, image.offset + image.used);
    assert.ok(words.length > 10 && words.every((word) => Number.isSafeInteger(word) && word >= 0));
  });

  it('keeps a bin with a value that cannot be serialised', () => {
    const container = new MapContainer<unknown>({ binning, extents: extentsOf(1)[0]! });
    const bin = binning.binOf(5);
    container.create(bin);
    container.set(5, () => 1);
    assert.throws(() => container.release(bin, emptyImage()), /could not be cloned/);
    assert.ok(container.hosts(bin) && container.has(5));
    assert.equal(container.totalBytes, container.bytes(bin));
  });
});
