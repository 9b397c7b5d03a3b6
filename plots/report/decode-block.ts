/** Reads the block of an experiment (see experiment-block.ts), in a page or in a test. */
import { decodeEpochs } from './epoch-codec.ts';
import type { ExperimentData, RunData } from './page-data.ts';
import type { Counts } from './percentiles.ts';

/** A decoded block. */
export interface DecodedBlock {
  /** Its JSON. */
  readonly data: ExperimentData;
  /** The histograms of a run, one per epoch; undefined when they were not kept. Decoded at the first call. */
  readonly histogramsOf: (run: RunData) => readonly Counts[] | undefined;
}

/** Decodes the text of a block. */
export async function decodeBlock(base64: string): Promise<DecodedBlock> {
  const compressed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const jsonEnd = 4 + new DataView(bytes.buffer).getUint32(0);
  const data = JSON.parse(new TextDecoder().decode(bytes.subarray(4, jsonEnd))) as ExperimentData;
  const known = new Map<string, readonly Counts[]>();
  const histogramsOf = (run: RunData): readonly Counts[] | undefined => {
    if (run.histograms === undefined) return undefined;
    const decoded =
      known.get(run.key) ??
      decodeEpochs(
        bytes.subarray(jsonEnd + run.histograms.offset, jsonEnd + run.histograms.offset + run.histograms.length),
        run.latenciesNs.max,
      );
    known.set(run.key, decoded);
    return decoded;
  };
  return { data, histogramsOf };
}
