/** How much memory a run will need, estimated before anything is allocated. */
import { totalmem } from 'node:os';
import { DEFAULT_SETTINGS } from 'megaphone-engine';
import type { Configuration } from 'megaphone-engine/planning';
import { peersOf } from './owners.ts';
import type { RunSpec } from './run-spec.ts';
import { workloadOf } from './workload-of.ts';

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
  /**
   * What migrations add: the copies of the bins that move in one step, unless bins change hands with their memory; between processes, also
   * the bins that arrive, as the memory that they leave stays with their sender.
   */
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

/** Bytes of the record's number, which words carry where record latencies are measured. */
const NUMBER_BYTES = 8;

/** The same of the NEXMark query that has most (queries 4 and 6: auctions, bids, closed auctions, state); plug-ins may have as many. */
const NEXMARK_ROW_BYTES = 160;

/** Estimates the memory of a run; `configurations` are those of the run, in order; cost linear in bins x migrations. */
export function estimateMemory(spec: RunSpec, configurations: readonly Configuration[]): MemoryEstimate {
  const { workload, ratePerSecond, durationS } = spec;
  const { domain, parameters } = workload;
  const { description } = workloadOf(workload);
  const stateBytes = description.stateBytes({ domain, parameters, ratePerSecond, durationS });
  const peers = peersOf(spec);
  const moved = mostMoved(configurations);
  const copies = spec.handoff === 'copy' ? Math.min(moved, binsOfStep(spec, peers)) : 0;
  const arrivals = spec.topology.processes > 1 ? moved : 0;
  const migrationBytes = (stateBytes * (copies + arrivals)) / 2 ** spec.binShift;
  const oracleBytes = spec.verify ? stateBytes : 0;
  // A ring has `slots` batches of `rows` rows, and every worker has one to every worker, itself included.
  const isWordCount = domain > 0 && workload.plugIn === undefined;
  const rowBytes = isWordCount ? WORD_ROW_BYTES + (spec.recordLatency === true ? NUMBER_BYTES : 0) : NEXMARK_ROW_BYTES;
  const ringBytes = DEFAULT_SETTINGS.slots * DEFAULT_SETTINGS.rows * rowBytes * peers * peers;
  const fixedBytes = spec.topology.processes * PROCESS_BYTES + peers * WORKER_BYTES;
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

/** Most bins that a migration between the configurations moves. */
function mostMoved(configurations: readonly Configuration[]): number {
  let most = 0;
  for (let index = 1; index < configurations.length; index++) {
    const before = configurations[index - 1]!;
    const moved = configurations[index]!.reduce((sum, owner, bin) => sum + (owner === before[bin] ? 0 : 1), 0);
    most = Math.max(most, moved);
  }
  return most;
}

/** Most bins that one step moves; every worker is the source of at most one matched pair. */
function binsOfStep({ strategy }: RunSpec, peers: number): number {
  switch (strategy.name) {
    case 'all-at-once':
      return Infinity;
    case 'fluid':
      return 1;
    case 'batched':
      return strategy.binsPerStep;
    case 'optimized':
      return strategy.binsPerPair * peers;
  }
}
