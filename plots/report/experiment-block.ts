/** The block of an experiment: its JSON and the bytes of its histograms, compressed and written as text. */
import { deflateRawSync } from 'node:zlib';
import { NOTABLE_SHARE } from '../disturbed-epochs.ts';
import { encodeEpochs } from './epoch-codec.ts';
import type { ExperimentData, RunData } from './page-data.ts';
import type { Counts } from './percentiles.ts';

/** A run with its histograms, where they were kept. */
export interface BlockRun {
  /** What the page carries of it. */
  readonly data: RunData;
  /** One histogram per epoch of `data`. */
  readonly histograms: readonly Counts[] | undefined;
}

/** A section's runs. */
export interface BlockContent {
  /** The runs. */
  readonly runs: readonly BlockRun[];
  /** Length of the longest run's schedule: collections are timed by a sixteenth of it. */
  readonly durationS: number;
}

/** The block in base64; four bytes (the length of the JSON), the JSON, the bytes of the histograms; raw deflate. */
export function encodeBlock({ runs, durationS }: BlockContent, shift: number): string {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let offset = 0;
  const placed = runs.map(({ data, histograms }): RunData => {
    if (histograms === undefined) return data;
    const bytes = encodeEpochs(histograms, shift);
    parts.push(bytes);
    offset += bytes.length;
    return { ...data, histograms: { offset: offset - bytes.length, length: bytes.length } };
  });
  const content: ExperimentData = {
    runs: placed,
    shift,
    notablePercent: NOTABLE_SHARE * 100,
    collectionResolutionS: durationS / 16,
  };
  const json = encoder.encode(JSON.stringify(content));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return deflateRawSync(Buffer.concat([length, json, ...parts]), { level: 9 }).toString('base64');
}
