/**
 * The laws of every BinContainer, checked over random histories.
 *
 * 1. A bin is hosted by the container it was created in or moved to, and by no other.
 * 2. After any sequence of updates and moves, contents equal those of a plain model, whether memory changes hands or
 *    contents are copied.
 * 3. bytes(bin) is what its image says is used, and totalBytes the sum over the hosted bins.
 * 4. Access to a bin that is elsewhere throws BinError that names the bin.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Extents } from '../../../dataflow/extents.ts';
import { BinError } from '../bin-error.ts';
import { type BinContainer, emptyImage } from '../container.ts';
import { extentsOf, type Handoff, type Hosting, move } from './moves.ts';

/** There are 2^BIN_SHIFT bins in these tests. */
export const BIN_SHIFT = 2;
const BINS = 2 ** BIN_SHIFT;

/** How a container is used and compared; C is what user code sees, M the model of all instances together. */
export interface Subject<C, M> {
  readonly create: (extents: Extents) => C;
  /** The containers that move: of a compound one, its parts. */
  readonly parts: (container: C) => readonly BinContainer[];
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
  /** Whether `bytes` is the size that the image says, and not an estimate. */
  readonly exactBytes: boolean;
}

/** An instance, its parts and its memory. */
interface Instance<C> {
  readonly user: C;
  readonly parts: readonly Hosting<BinContainer>[];
}

const throwsFor = (bin: number, action: () => unknown): void => {
  assert.throws(
    action,
    (error) => error instanceof BinError && Object.is(error.bin, bin) && error.message.includes(`bin ${bin}`),
  );
};

/** Declares the tests of the contract for one container. */
export function checkContract<C, M>(name: string, subject: Subject<C, M>): void {
  const instances = (count: number): Instance<C>[] =>
    extentsOf(count).map((extents) => {
      const user = subject.create(extents);
      return { user, parts: subject.parts(user).map((container) => ({ container, extents })) };
    });
  const each = (instance: Instance<C>, action: (container: BinContainer) => void): void => {
    for (const { container } of instance.parts) action(container);
  };
  const sum = (instance: Instance<C>, of: (container: BinContainer) => number): number =>
    instance.parts.reduce((total, { container }) => total + of(container), 0);
  const moveAll = (bin: number, from: Instance<C>, to: Instance<C>, handoff: Handoff): number =>
    from.parts.reduce((bytes, part, i) => bytes + move(bin, part, to.parts[i]!, handoff), 0);
  const keyIn = (bin: number): number => {
    for (let key = 0; key < subject.keys; key++) if (subject.binOf(key) === bin) return key;
    throw new Error(`no key of ${subject.keys} is in bin ${bin}`);
  };
  const fill = (instance: Instance<C>): M => {
    const model = subject.model();
    for (let bin = 0; bin < BINS; bin++) each(instance, (container) => container.create(bin));
    for (let i = 0; i < 6 * subject.keys; i++) subject.update(instance.user, model, 0, i % subject.keys, i);
    return model;
  };
  /** Walks over the hosted bins. */
  const checkTotal = (instance: Instance<C>): void => {
    each(instance, (container) => {
      let walked = 0;
      for (let bin = 0; bin < BINS; bin++) if (container.hosts(bin)) walked += container.bytes(bin);
      assert.equal(container.totalBytes, walked);
    });
  };

  describe(`${name} as a BinContainer`, () => {
    it('equals its model over random updates and moves between three instances', () => {
      const update = fc.record({ kind: fc.nat(9), key: fc.nat(subject.keys - 1), value: fc.nat(50) });
      const transfer = fc.record({
        bin: fc.nat(BINS - 1),
        to: fc.nat(2),
        handoff: fc.constantFrom<Handoff>('share', 'copy'),
      });
      const burst = fc.record({ updates: fc.array(update, { maxLength: 40 }), transfer });
      fc.assert(
        fc.property(fc.array(burst, { maxLength: 12 }), (bursts) => {
          const workers = instances(3);
          const model = subject.model();
          const owners = Array.from({ length: BINS }, (_, bin) => bin % 2);
          owners.forEach((owner, bin) => each(workers[owner]!, (container) => container.create(bin)));
          for (const { updates, transfer } of bursts) {
            for (const { kind, key, value } of updates) {
              subject.update(workers[owners[subject.binOf(key)]!]!.user, model, kind, key, value);
            }
            workers.forEach(checkTotal);
            const { bin, to, handoff } = transfer;
            const [source, target] = [workers[owners[bin]!]!, workers[to]!];
            const announced = sum(source, (container) => container.bytes(bin));
            const entries = sum(source, (container) => container.entries(bin));
            owners[bin] = to;
            const moved = moveAll(bin, source, target, handoff);
            if (subject.exactBytes) assert.equal(moved, announced);
            else assert.equal(moved > 0, announced > 0);
            assert.equal(
              sum(target, (container) => container.entries(bin)),
              entries,
            );
            workers.forEach(checkTotal);
            owners.forEach((owner, hosted) => {
              workers.forEach((worker, index) =>
                each(worker, (container) => assert.equal(container.hosts(hosted), index === owner)),
              );
              subject.compare(workers[owner]!.user, model, hosted);
            });
          }
        }),
        { numRuns: 60 },
      );
    });

    it('throws BinError for keys and bins that are elsewhere, hosted already or none at all', () => {
      const [instance] = instances(1) as [Instance<C>];
      fill(instance);
      for (let bin = 0; bin < BINS; bin += 2) each(instance, (container) => container.release(bin, emptyImage()));
      for (let bin = 0; bin < BINS; bin += 2) {
        for (const access of subject.accesses) throwsFor(bin, () => access(instance.user, keyIn(bin)));
        each(instance, (container) => {
          throwsFor(bin, () => container.entries(bin));
          throwsFor(bin, () => container.bytes(bin));
          throwsFor(bin, () => container.release(bin, emptyImage()));
          throwsFor(bin + 1, () => container.create(bin + 1));
          throwsFor(bin + 1, () => container.adopt(bin + 1, emptyImage()));
        });
      }
      checkTotal(instance);
      for (const access of subject.accesses) access(instance.user, keyIn(1));
      for (const bin of [-1, BINS, 0.5, NaN]) {
        each(instance, (container) => {
          throwsFor(bin, () => container.create(bin));
          throwsFor(bin, () => container.adopt(bin, emptyImage()));
          assert.equal(container.hosts(bin), false);
        });
      }
    });

    it(`transfers ${subject.emptyTransfers ? 'the zeros' : 'nothing'} of a bin without updates`, () => {
      for (const handoff of ['share', 'copy'] as const) {
        const [source, target] = instances(2) as [Instance<C>, Instance<C>];
        each(source, (container) => container.create(2));
        assert.equal(sum(source, (container) => container.bytes(2)) > 0, subject.emptyTransfers);
        assert.equal(moveAll(2, source, target, handoff) > 0, subject.emptyTransfers);
        subject.compare(target.user, subject.model(), 2);
      }
    });

    it('starts a bin afresh that left and is created again', () => {
      const [instance] = instances(1) as [Instance<C>];
      fill(instance);
      each(instance, (container) => {
        container.release(3, emptyImage());
        container.create(3);
      });
      subject.compare(instance.user, subject.model(), 3);
      checkTotal(instance);
    });
  });
}
