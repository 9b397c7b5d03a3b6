/** Copies between buffers of a bin and chunks. */

/** From this many words on a block copy beats a loop: it needs a view of what is copied. */
const BLOCK_COPY_WORDS = 64;

/** Copies source[from .. from + count) to target[to ..). */
export function copyWords(source: Float64Array, from: number, count: number, target: Float64Array, to: number): void {
  if (count >= BLOCK_COPY_WORDS) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}
