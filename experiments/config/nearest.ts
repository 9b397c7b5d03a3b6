/** Finds what a mistyped name was meant to be. */

/** Longest name for which a near one is looked for: a longer one is no slip of the finger. */
const LONGEST_NAME = 100;

/** Edit distance (insert, delete, replace, swap two neighbours, each 1) of two names; cost |a| x |b|. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwapped ? (beforePrevious[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * The candidate that `name` begins, or else the one that differs least from it, or undefined when none is near. Case is
 * ignored, and the first wins a tie.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const found = name.toLowerCase();
  const begun = candidates.find((candidate) => found.length > 1 && candidate.toLowerCase().startsWith(found));
  if (begun !== undefined) return begun;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(found, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const longer = Math.max(name.length, best?.length ?? 0);
  return bestDistance <= Math.max(1, longer * 0.4) ? best : undefined;
}

/** What to say after an unknown name: `did you mean workers?`, or the list of all names when none is near. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const meant = nearest(name, candidates);
  return meant === undefined ? `expected ${alternatives(candidates)}` : `did you mean ${meant}?`;
}

/** A list in words: `a`, `a or b`, `one of a, b, c`. */
export function alternatives(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 2 ? names.join(' or ') : `one of ${names.join(', ')}`;
}
