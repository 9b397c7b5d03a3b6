/** How much memory a run will need, estimated before anything is allocated. */
import { totalmem } from 'node:os';
import { DEFAULT_SETTINGS } from 'megaphone-engine';
import type { Configuration } from 'megaphone-engine/planning';
import { workloads } from '../../workloads/index.ts';
import { peersOf } from './owners.ts';
import type { RunSpec } from './run-spec.ts';

/** Memory of the machine (or of the container) that runs are to fit in. */
export interface MachineMemory {
  /** Bytes that processes can still get. */
  readonly availableBytes: number;
  /** Bytes in all. */
  readonly totalBytes: number;
}

/** The memory of this machine at this moment. */
export function machineMemory(): MachineMemory {
  return { availableBytes: process.availableMemory(), totalBytes: totalmem() };
}

/** Parts of the estimate, in bytes. */
export interface MemoryEstimate {
  /** State of all bins. */
  readonly stateBytes: number;
  /** What migrations add: room for the copies of the bins that arrive. Nothing when bins change hands with their memory. */
  readonly migrationBytes: number;
  /** The oracle's second copy of the state, under `--verify`. */
  readonly oracleBytes: number;
  /** The rings between all pairs of workers. */
  readonly ringBytes: number;
  /** Isolates and histograms. */
  readonly fixedBytes: number;
  /** The sum. */
  readonly totalBytes: number;
  /** How much of it lies in the heap of state: the state, and what migrations add. */
  readonly heapBytes: number;
}

const MIB = 2 ** 20;
const PROCESS_BYTES = 192 * MIB;
const WORKER_BYTES = 64 * MIB;

/** Bytes of a row in all channels of a word count: its key, and twice the rows of 8 bytes on the state channel. */
const WORD_ROW_BYTES = 8 + 2 * 8;

/** Bytes of a row in all channels of the NEXMark query that has most (queries 4 and 6: auctions, bids, closed auctions, state). */
const NEXMARK_ROW_BYTES = 160;

/** Estimates the memory of a run; `configurations` are those of the run, in order; cost linear in bins x migrations. */
export function estimateMemory(spec: RunSpec, configurations: readonly Configuration[]): MemoryEstimate {
  const { workload, ratePerSecond, durationS } = spec;
  const { domain, parameters } = workload;
  const stateBytes =
    workloads[workload.name]?.description.stateBytes({ domain, parameters, ratePerSecond, durationS }) ?? 0;
  const peers = peersOf(spec);
  const copies = spec.handoff === 'copy' ? copiedBins(visited(spec, configurations), peers) : 0;
  const migrationBytes = (stateBytes * copies) / 2 ** spec.binShift;
  const oracleBytes = spec.verify ? stateBytes : 0;
  // A ring has `slots` batches of `rows` rows, and every worker has one to every worker, itself included.
  const rowBytes = domain > 0 ? WORD_ROW_BYTES : NEXMARK_ROW_BYTES;
  const ringBytes = DEFAULT_SETTINGS.slots * DEFAULT_SETTINGS.rows * rowBytes * peers * peers;
  const fixedBytes = PROCESS_BYTES + peers * WORKER_BYTES;
  return {
    stateBytes,
    migrationBytes,
    oracleBytes,
    ringBytes,
    fixedBytes,
    totalBytes: stateBytes + migrationBytes + oracleBytes + ringBytes + fixedBytes,
    heapBytes: stateBytes + migrationBytes,
  };
}

/** The configurations that a run passes through: a rehearsal of whole migrations leads from the last one back to the first. */
function visited({ preTouch }: RunSpec, configurations: readonly Configuration[]): readonly Configuration[] {
  return preTouch === 'all' ? [...configurations, ...configurations.slice(0, 1)] : configurations;
}

/**
 * Bins beyond their number that workers need room for when arriving bins are copied. The room that a bin leaves is used again
 * by the same worker alone, once its step is over. So a worker has to have room, whatever the strategy, for all bins that it
 * owns and then for those that arrive in a migration; this is exact as long as no worker gives and takes in the same one, and
 * an upper bound otherwise.
 */
function copiedBins(configurations: readonly Configuration[], peers: number): number {
  const room = new Float64Array(peers);
  for (const [index, configuration] of configurations.entries()) {
    const before = configurations[index - 1] ?? configuration;
    const held = new Float64Array(peers);
    for (const [bin, owner] of configuration.entries()) {
      held[before[bin]!]!++;
      if (owner !== before[bin]) held[owner]!++;
    }
    for (const [worker, bins] of held.entries()) room[worker] = Math.max(room[worker]!, bins);
  }
  return room.reduce((sum, bins) => sum + bins, 0) - (configurations[0]?.length ?? 0);
}
