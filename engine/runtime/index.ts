/**
 * Running dataflows: programs on worker threads. The simulation: `megaphone-engine/simulation`.
 *
 * @module megaphone-engine/runtime
 */
export { describeFrontiers, type OutputFrontier } from './frontiers.ts';
export { type Program, type ProgramContext, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
export { type Control, Handshake, type HandshakeRole, type HandshakeStep, type Identity } from './handshake.ts';
export {
  defaultHeapBytes,
  isLoopback,
  launch,
  type Launched,
  LaunchError,
  type LaunchOptions,
  StallError,
} from './threads.ts';
export { type ProcessOptions } from './messages.ts';
export { WireError } from '../transport/wire.ts';
export { Worker, WorkerError } from './worker.ts';
