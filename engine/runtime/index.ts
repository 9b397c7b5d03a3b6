/** Running dataflows: programs on worker threads. The simulation: `megaphone-engine/simulation`. */
export { type Program, type ProgramContext, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
export { launch, LaunchError, type LaunchOptions } from './threads.ts';
export { type StepClock, Worker, WorkerError } from './worker.ts';
