/** The sender's side of a bin's move: a stream of words, cut into chunks wherever one is full. */
import type { ChunkWriter } from './container.ts';
import { copyWords } from './copy-words.ts';

/** Writes words one run after the other to a {@link ChunkWriter}. The first 8 words of a stream share a chunk. */
export class ChunkStream {
  readonly #writer: ChunkWriter;
  #used = 0;

  constructor(writer: ChunkWriter) {
    this.#writer = writer;
  }

  /** Appends words[from .. from+count). */
  put(words: Float64Array, from: number, count: number): void {
    const writer = this.#writer;
    const to = from + count;
    while (from < to) {
      if (this.#used === writer.capacity) this.end();
      const length = Math.min(writer.capacity - this.#used, to - from);
      copyWords(words, from, length, writer.words, writer.start + this.#used);
      this.#used += length;
      from += length;
    }
  }

  /** Hands over the last chunk, if it holds any words. */
  end(): void {
    if (this.#used === 0) return;
    this.#writer.flush(this.#used);
    this.#used = 0;
  }
}
