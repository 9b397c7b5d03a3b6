/** Adds result records to a digest, by their number of columns. */
import type { Batch } from 'megaphone-engine';
import type { Digest } from '../metrics/digest.ts';

/** Adds the first `length` rows of the columns, of which there are 1 to 6. */
export function addRows(digest: Digest, columns: Batch['list'], length: number): void {
  const [a, b, c, d, e, f] = columns;
  for (let i = 0; i < length; i++) {
    if (b === undefined) digest.add1(a![i]!);
    else if (c === undefined) digest.add2(a![i]!, b[i]!);
    else if (d === undefined) digest.add3(a![i]!, b[i]!, c[i]!);
    else if (e === undefined) digest.add4(a![i]!, b[i]!, c[i]!, d[i]!);
    else if (f === undefined) digest.add5(a![i]!, b[i]!, c[i]!, d[i]!, e[i]!);
    else digest.add6(a![i]!, b[i]!, c[i]!, d[i]!, e[i]!, f[i]!);
  }
}

/** Adds one record given as numbers. */
export function addNumbers(digest: Digest, row: readonly number[]): void {
  const [a, b, c, d, e, f] = row;
  if (b === undefined) digest.add1(a!);
  else if (c === undefined) digest.add2(a!, b);
  else if (d === undefined) digest.add3(a!, b, c);
  else if (e === undefined) digest.add4(a!, b, c, d);
  else if (f === undefined) digest.add5(a!, b, c, d, e);
  else digest.add6(a!, b, c, d, e, f);
}
