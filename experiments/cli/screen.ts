/** The width that tables may take. */

/** Columns of the terminal; without one (a pipe, a file) nothing has to be cut or left out. */
export function screenWidth(): number {
  const { isTTY, columns } = process.stdout as { isTTY?: boolean; columns?: number };
  // A terminal that does not know its width says 0.
  return isTTY === true ? columns || 80 : Infinity;
}
