/**
 * Running dataflows: programs on worker threads. The simulation: `megaphone-engine/simulation`.
 *
 * @module megaphone-engine/runtime
 */
export { describeFrontiers, type OutputFrontier } from './frontiers.ts';
export { type Program, type ProgramContext, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
export { defaultHeapBytes, launch, type Launched, LaunchError, type LaunchOptions, StallError } from './threads.ts';
export { type ProcessOptions } from './messages.ts';
export { Worker, WorkerError } from './worker.ts';
