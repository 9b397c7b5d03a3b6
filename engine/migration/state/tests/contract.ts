/**
 * The laws of every BinContainer, checked over random histories.
 *
 * 1. A bin is hosted by the container it was created in or moved to, and by no other.
 * 2. After any sequence of updates and moves, contents equal those of a plain model.
 * 3. bytes(bin) is what extract writes.
 * 4. Access to a bin that is elsewhere, or has arrived in part, throws BinError that names the bin.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BinError } from '../bin-error.ts';
import type { BinContainer } from '../container.ts';
import { ChunkRecorder, deliver, move } from './transfer.ts';

/** There are 2^BIN_SHIFT bins in these tests. */
export const BIN_SHIFT = 2;
const BINS = 2 ** BIN_SHIFT;

/** How a container is used and compared; C is the container, M the model of all instances together. */
export interface Subject<C extends BinContainer, M> {
  readonly create: () => C;
  readonly model: () => M;
  /** Keys that updates use. */
  readonly keys: number;
  readonly binOf: (key: number) => number;
  /** Applies the update numbered `kind` (any natural number) to the container and to the model. */
  readonly update: (container: C, model: M, kind: number, key: number, value: number) => void;
  /** Asserts that the bin's contents equal the model's. */
  readonly compare: (container: C, model: M, bin: number) => void;
  /** Reads or changes one key; has to throw when its bin is not here. */
  readonly accesses: readonly ((container: C, key: number) => unknown)[];
  /** Whether a bin without updates transfers words. */
  readonly emptyTransfers: boolean;
}

const throwsFor = (bin: number, action: () => unknown): void => {
  assert.throws(
    action,
    (error) => error instanceof BinError && Object.is(error.bin, bin) && error.message.includes(`bin ${bin}`),
  );
};

/** Declares the tests of the contract for one container. */
export function checkContract<C extends BinContainer, M>(name: string, subject: Subject<C, M>): void {
  const keyIn = (bin: number): number => {
    for (let key = 0; key < subject.keys; key++) if (subject.binOf(key) === bin) return key;
    throw new Error(`no key of ${subject.keys} is in bin ${bin}`);
  };
  const filled = (): { container: C; model: M } => {
    const container = subject.create();
    const model = subject.model();
    for (let bin = 0; bin < BINS; bin++) container.create(bin);
    for (let i = 0; i < 6 * subject.keys; i++) subject.update(container, model, 0, i % subject.keys, i);
    return { container, model };
  };

  describe(`${name} as a BinContainer`, () => {
    it('equals its model over random updates and moves between three instances', () => {
      const update = fc.record({ kind: fc.nat(9), key: fc.nat(subject.keys - 1), value: fc.nat(50) });
      const transfer = fc.record({ bin: fc.nat(BINS - 1), to: fc.nat(2), capacity: fc.integer({ min: 8, max: 40 }) });
      const burst = fc.record({ updates: fc.array(update, { maxLength: 40 }), transfer });
      fc.assert(
        fc.property(fc.array(burst, { maxLength: 12 }), (bursts) => {
          const instances = [subject.create(), subject.create(), subject.create()] as const;
          const model = subject.model();
          const owners = Array.from({ length: BINS }, (_, bin) => bin % 2);
          owners.forEach((owner, bin) => instances[owner]!.create(bin));
          for (const { updates, transfer } of bursts) {
            for (const { kind, key, value } of updates) {
              subject.update(instances[owners[subject.binOf(key)]!]!, model, kind, key, value);
            }
            const from = instances[owners[transfer.bin]!]!;
            const announced = from.bytes(transfer.bin);
            const entries = from.entries(transfer.bin);
            owners[transfer.bin] = transfer.to;
            assert.equal(move(transfer.bin, from, instances[transfer.to]!, transfer.capacity), announced);
            assert.equal(instances[transfer.to]!.entries(transfer.bin), entries);
            owners.forEach((owner, bin) => {
              instances.forEach((instance, index) => assert.equal(instance.hosts(bin), index === owner));
              subject.compare(instances[owner]!, model, bin);
            });
          }
        }),
        { numRuns: 60 },
      );
    });

    it('throws BinError for keys and bins that are elsewhere', () => {
      const { container } = filled();
      for (let bin = 0; bin < BINS; bin += 2) container.extract(bin, new ChunkRecorder(16));
      for (let bin = 0; bin < BINS; bin += 2) {
        for (const access of subject.accesses) throwsFor(bin, () => access(container, keyIn(bin)));
        throwsFor(bin, () => container.entries(bin));
        throwsFor(bin, () => container.bytes(bin));
        throwsFor(bin, () => container.extract(bin, new ChunkRecorder(16)));
        throwsFor(bin, () => container.install(bin, new Float64Array(16), 0, 16));
        throwsFor(bin + 1, () => container.create(bin + 1));
      }
      for (const access of subject.accesses) access(container, keyIn(1));
      for (const bin of [-1, BINS, 0.5, NaN]) throwsFor(bin, () => container.create(bin));
    });

    it('throws BinError for a bin of which some chunks are missing, and takes the rest', () => {
      const { container, model } = filled();
      const target = subject.create();
      target.create(1);
      const recorder = new ChunkRecorder(8);
      container.extract(1, recorder);
      assert.ok(recorder.chunks.length > 1, 'one chunk cannot be split');
      for (const [index, chunk] of recorder.chunks.entries()) {
        if (index > 0) {
          assert.ok(target.hosts(1));
          for (const access of subject.accesses) throwsFor(1, () => access(target, keyIn(1)));
          throwsFor(1, () => target.entries(1));
          throwsFor(1, () => target.bytes(1));
          throwsFor(1, () => target.extract(1, new ChunkRecorder(8)));
          throwsFor(1, () => target.create(1));
        }
        deliver(chunk, (words, start, count) => target.install(1, words, start, count));
      }
      subject.compare(target, model, 1);
    });

    it('refuses more words than the bin has', () => {
      const { container } = filled();
      const target = subject.create();
      target.create(1);
      const recorder = new ChunkRecorder(1000);
      container.extract(1, recorder);
      const words = new Float64Array(recorder.chunks.at(-1)!.words.length + 1000);
      words.set(recorder.chunks.at(-1)!.words);
      for (const chunk of recorder.chunks.slice(0, -1)) target.install(1, chunk.words, 0, chunk.words.length);
      throwsFor(1, () => target.install(1, words, 0, words.length));
    });

    it(`transfers ${subject.emptyTransfers ? 'the zeros' : 'nothing'} of a bin without updates`, () => {
      const container = subject.create();
      container.create(2);
      const bytes = container.bytes(2);
      assert.equal(bytes > 0, subject.emptyTransfers);
      const target = subject.create();
      assert.equal(move(2, container, target, 8), bytes);
      subject.compare(target, subject.model(), 2);
    });

    it('starts a bin afresh that left and is created again', () => {
      const { container } = filled();
      container.extract(3, new ChunkRecorder(16));
      container.create(3);
      subject.compare(container, subject.model(), 3);
    });

    it('keeps its contents when memory is reserved', () => {
      const { container, model } = filled();
      container.reserve(3);
      container.reserve(3);
      for (let bin = 0; bin < BINS; bin++) subject.compare(container, model, bin);
    });
  });
}
