/** Growth of the columns that the variants without migration keep. */

/** A column of twice the length with the same beginning. */
export function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
