/** Reads the histograms of a run's epochs back from its log. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Float64Histogram, type Histogram, HistogramLogReader } from 'hdr-histogram-js';
import { BUCKETS, bucketIndex, MAX_TRACKABLE_NS } from '../../experiments/metrics/bucket-layout.ts';
import { ResultsError } from '../../experiments/results/results-error.ts';
import { RUN_FILES } from '../../experiments/results/run-files.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import type { Counts } from './percentiles.ts';

/**
 * The histograms of a run, one per row of its timeline; undefined when they were not kept.
 *
 * @throws {ResultsError} when the log cannot be decoded, or is not that of the timeline
 */
export function readHistograms({ directory, timeline }: Pick<Run, 'directory' | 'timeline'>): Counts[] | undefined {
  const path = join(directory, RUN_FILES.histograms);
  if (!existsSync(path)) return undefined;
  const reader = new HistogramLogReader(readFileSync(path, 'utf8'), 64, false);
  return timeline.map(({ epoch, records, maxNs }) => {
    const found = nextCounts(reader, path, maxNs);
    if (found.records === records) return found;
    throw new ResultsError(
      `${path}: ${found.records} records where timeline.csv has ${records} in epoch ${epoch}: the files are not of one run`,
    );
  });
}

function nextCounts(reader: HistogramLogReader, path: string, maxNs: number): Counts {
  let histogram;
  try {
    histogram = reader.nextIntervalHistogram();
  } catch (error) {
    throw new ResultsError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (histogram === null) throw new ResultsError(`${path}: fewer intervals than timeline.csv has epochs`);
  // What is decoded has these members, which the declared type does not tell.
  const all = histogram as Histogram & Pick<Float64Histogram, 'countsArrayLength' | 'getCountAtIndex'>;
  const indexes: number[] = [];
  const counts: number[] = [];
  let records = 0;
  const end = Math.min(BUCKETS, all.countsArrayLength, bucketIndex(Math.min(Math.floor(maxNs), MAX_TRACKABLE_NS)) + 1);
  for (let index = 0; index < end; index++) {
    const count = all.getCountAtIndex(index);
    if (count === 0) continue;
    indexes.push(index);
    counts.push(count);
    records += count;
  }
  return { indexes, counts, records, maxNs };
}
