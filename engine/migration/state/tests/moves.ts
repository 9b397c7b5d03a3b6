/** Moves of single bins between containers, as threads hand them over. */
import assert from 'node:assert/strict';
import { allocateHeap, Extents, WORD_BYTES } from '../../../dataflow/extents.ts';
import { type BinContainer, emptyImage } from '../container.ts';

/** How a bin changes hands: its image is adopted as it is, or with a copy of its extent. */
export type Handoff = 'share' | 'copy';

/** Extents of `workers` workers in one heap of 8 MiB. */
export function extentsOf(workers: number): readonly Extents[] {
  const heap = allocateHeap(2 ** 23);
  return Array.from({ length: workers }, () => new Extents(heap));
}

/** A container and the extents that it lives in. */
export interface Hosting<C extends BinContainer> {
  readonly container: C;
  readonly extents: Extents;
}

/** Moves a bin between containers in one heap; returns the bytes of the image's contents. */
export function move(
  bin: number,
  from: Hosting<BinContainer>,
  to: Hosting<BinContainer>,
  handoff: Handoff = 'share',
): number {
  const image = emptyImage();
  from.container.release(bin, image);
  assert.ok(image.used <= image.capacity);
  const received = { ...image };
  if (handoff === 'copy' && image.capacity > 0) {
    received.offset = to.extents.allocate(image.capacity);
    // Words beyond the used ones do not travel.
    to.extents.words.fill(NaN, received.offset, received.offset + image.capacity);
    to.extents.copy(image.offset, image.used, received.offset);
    from.extents.words.fill(NaN, image.offset, image.offset + image.capacity);
    from.extents.free(image.offset, image.capacity);
  }
  to.container.adopt(bin, received);
  Object.assign(received, { offset: -7, used: -7, capacity: -7, detail: -7, detail2: -7 });
  return image.used * WORD_BYTES;
}
