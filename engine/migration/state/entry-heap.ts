/**
 * Heaps of pending entries, (time, key, value) in three words each, inside larger memory.
 *
 * A node has four children: half as many levels as with two, and on each of them children that lie side by side. The order
 * is total: by time, then key, then value.
 */

/** Words of an entry. */
export const ENTRY_WORDS = 3;
const CHILDREN_WORDS = 4 * ENTRY_WORDS;
const LOG2_CHILDREN = 2;

/** Whether the entry at `a` comes before the entry at `b`. */
export function precedes(words: Float64Array, a: number, other: Float64Array, b: number): boolean {
  if (words[a]! !== other[b]!) return words[a]! < other[b]!;
  if (words[a + 1]! !== other[b + 1]!) return words[a + 1]! < other[b + 1]!;
  return words[a + 2]! < other[b + 2]!;
}

/** Adds an entry to the heap of `used` words at `base`; returns whether it is the first now. */
export function pushEntry(
  words: Float64Array,
  base: number,
  used: number,
  time: number,
  key: number,
  value: number,
): boolean {
  let at = used / ENTRY_WORDS;
  while (at > 0) {
    const parent = (at - 1) >> LOG2_CHILDREN;
    const from = base + parent * ENTRY_WORDS;
    const other = words[from]!;
    if (other < time) break;
    if (other === time && (words[from + 1]! < key || (words[from + 1] === key && words[from + 2]! <= value))) break;
    moveEntry(words, from, base + at * ENTRY_WORDS);
    at = parent;
  }
  const to = base + at * ENTRY_WORDS;
  words[to] = time;
  words[to + 1] = key;
  words[to + 2] = value;
  return at === 0;
}

/** Removes the first entry of the heap of `used` words at `base`; the heap has one entry less afterwards. */
export function popEntry(words: Float64Array, base: number, used: number): void {
  const end = base + used - ENTRY_WORDS;
  let at = base;
  for (;;) {
    const first = base + ((at - base) << LOG2_CHILDREN) + ENTRY_WORDS;
    if (first >= end) break;
    const last = Math.min(first + CHILDREN_WORDS, end);
    let least = first;
    for (let child = first + ENTRY_WORDS; child < last; child += ENTRY_WORDS) {
      if (precedes(words, child, words, least)) least = child;
    }
    if (precedes(words, end, words, least)) break;
    moveEntry(words, least, at);
    at = least;
  }
  moveEntry(words, end, at);
}

function moveEntry(words: Float64Array, from: number, to: number): void {
  words[to] = words[from]!;
  words[to + 1] = words[from + 1]!;
  words[to + 2] = words[from + 2]!;
}
