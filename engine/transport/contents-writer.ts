/** Writes batches of extent frames for a receiver that does not share the heap: a body behind each head, straight out of the extents. */
import type { Batch } from '../dataflow/batch.ts';
import { FRAME_WORDS, IMAGE_WORDS, KIND_BODY, KIND_CONTENTS } from '../dataflow/extent-frames.ts';
import { type Extents, WORD_BYTES } from '../dataflow/extents.ts';
import { EngineError } from '../progress/engine-error.ts';

/** Goes through the batches of one channel, in frames of bounded length. */
export class ContentsWriter {
  readonly #extents: Extents;
  /** Word of the batch where the head begins whose bin comes next. */
  #head = 0;
  /** The image of it that comes next, and how many words of that were written; -1 while the head itself was not. */
  #image = -1;
  #done = 0;

  /** A writer that has written nothing of the next batch. */
  constructor(extents: Extents) {
    this.#extents = extents;
  }

  /** Whether the batch was written as a whole; then the next one follows. */
  ends(batch: Batch): boolean {
    if (this.#head < batch.length) return false;
    this.#head = 0;
    return true;
  }

  /**
   * Writes the next words that a batch stands for, at most `most`, to byte `at` of `target`. Returns how many there were.
   *
   * @throws {EngineError} when `most` has no room for a head
   */
  write(batch: Batch, target: Buffer, at: number, most: number): number {
    const words = batch.list[0] as Float64Array;
    let used = 0;
    while (this.#head < batch.length) {
      const images = words[this.#head + 3]!;
      if (this.#image < 0) {
        const length = FRAME_WORDS + images * IMAGE_WORDS;
        if (length > most) throw new EngineError(`a head of ${length} words; expected at most ${most}`);
        if (used + length > most) return used;
        this.#writeHead(words, length, target, at + used * WORD_BYTES);
        used += length;
        this.#image = 0;
      }
      for (; this.#image < images; this.#image++) {
        const image = this.#head + FRAME_WORDS + this.#image * IMAGE_WORDS;
        const contents = words[image + 1]!;
        while (this.#done < contents) {
          const length = Math.min(contents - this.#done, most - used - FRAME_WORDS);
          if (length <= 0) return used;
          const place = at + used * WORD_BYTES;
          target.writeDoubleLE(words[this.#head]!, place);
          target.writeDoubleLE(KIND_BODY, place + WORD_BYTES);
          target.writeDoubleLE(length, place + 2 * WORD_BYTES);
          target.writeDoubleLE(0, place + 3 * WORD_BYTES);
          this.#extents.read(words[image]! + this.#done, length, target, place + FRAME_WORDS * WORD_BYTES);
          this.#done += length;
          used += FRAME_WORDS + length;
        }
        this.#done = 0;
      }
      this.#head += FRAME_WORDS + images * IMAGE_WORDS;
      this.#image = -1;
    }
    return used;
  }

  #writeHead(words: Float64Array, length: number, target: Buffer, at: number): void {
    for (let i = 0; i < length; i++) {
      target.writeDoubleLE(i === 1 ? KIND_CONTENTS : words[this.#head + i]!, at + i * WORD_BYTES);
    }
  }
}
