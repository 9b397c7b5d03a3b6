/** A stand-in for the transport: chunks of any small capacity, written to one place and read from another. */
import type { BinContainer, ChunkWriter } from '../container.ts';

/** A chunk as it arrived, with the container that it was marked with. */
export interface Chunk {
  readonly container: number;
  readonly words: Float64Array;
}

/** Keeps the chunks it is handed; its memory moves after each of them, and starts at a changing offset. */
export class ChunkRecorder implements ChunkWriter {
  readonly capacity: number;
  readonly chunks: Chunk[] = [];
  container = 0;
  words: Float64Array;
  start = 3;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = new Float64Array(capacity + this.start).fill(NaN);
  }

  flush(count: number): void {
    if (!(count > 0 && count <= this.capacity)) throw new Error(`chunk of ${count} words, capacity ${this.capacity}`);
    this.chunks.push({ container: this.container, words: this.words.slice(this.start, this.start + count) });
    this.words.fill(NaN);
    this.start = (this.start + 1) % 5;
    this.words = new Float64Array(this.capacity + this.start).fill(NaN);
  }

  /** Payload bytes of all chunks. */
  get bytes(): number {
    return this.chunks.reduce((sum, { words }) => sum + 8 * words.length, 0);
  }
}

/** Hands a chunk to `install` inside a larger array, which is destroyed after the call. */
export function deliver(chunk: Chunk, install: (words: Float64Array, start: number, count: number) => void): void {
  const words = new Float64Array(chunk.words.length + 4).fill(NaN);
  words.set(chunk.words, 2);
  install(words, 2, chunk.words.length);
  words.fill(NaN);
}

/** Moves a bin between containers; returns the payload bytes. */
export function move(bin: number, from: BinContainer, to: BinContainer, capacity: number): number {
  const recorder = new ChunkRecorder(capacity);
  from.extract(bin, recorder);
  to.create(bin);
  for (const chunk of recorder.chunks) deliver(chunk, (words, start, count) => to.install(bin, words, start, count));
  return recorder.bytes;
}
