/**
 * Histograms of epochs as bytes, small enough for a page: variable-length integers, first all distances between indexes, then all
 * counts, which a general compressor then shortens further. A shift joins 2^shift neighbouring buckets, for reports of many runs.
 */
import type { Counts } from './percentiles.ts';

/** Buckets joined by shifting have their index shifted right by as many bits; the layout's octaves then have fewer parts. */
function joined(counts: Counts, shift: number): { readonly indexes: number[]; readonly counts: number[] } {
  const indexes: number[] = [];
  const sums: number[] = [];
  for (let i = 0; i < counts.indexes.length; i++) {
    const index = counts.indexes[i]! >>> shift;
    if (indexes.at(-1) === index) sums[sums.length - 1]! += counts.counts[i]!;
    else {
      indexes.push(index);
      sums.push(counts.counts[i]!);
    }
  }
  return { indexes, counts: sums };
}

/** Seven bits per byte, the lowest first; the eighth says that another byte follows. */
function pushInteger(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** The epochs as bytes. Exact maxima are kept elsewhere: they stand in the timeline. */
export function encodeEpochs(epochs: readonly Counts[], shift: number): Uint8Array<ArrayBuffer> {
  const distances: number[] = [];
  const amounts: number[] = [];
  const lengths: number[] = [];
  for (const epoch of epochs) {
    const { indexes, counts } = joined(epoch, shift);
    pushInteger(lengths, indexes.length);
    for (let i = 0; i < indexes.length; i++) {
      pushInteger(distances, indexes[i]! - (i === 0 ? 0 : indexes[i - 1]!));
      pushInteger(amounts, counts[i]!);
    }
  }
  return Uint8Array.from([...lengths, ...distances, ...amounts]);
}

/**
 * The inverse of `encodeEpochs`, with shifted indexes.
 *
 * @param maximaNs - the exact maximum of each epoch: there are as many epochs
 */
export function decodeEpochs(bytes: Uint8Array, maximaNs: readonly number[]): Counts[] {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at]!;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const epochs = maximaNs.map((maxNs) => {
    const length = next();
    return { indexes: new Uint32Array(length), counts: new Float64Array(length), records: 0, maxNs };
  });
  for (const { indexes } of epochs) {
    let index = 0;
    for (let i = 0; i < indexes.length; i++) indexes[i] = index += next();
  }
  for (const epoch of epochs) {
    for (let i = 0; i < epoch.counts.length; i++) epoch.records += epoch.counts[i] = next();
  }
  return epochs;
}
