/**
 * What a workload of one's own is made of: `megaphone/workload`. It exports a {@link Workload} as its default; the built-in workloads
 * are made of the same. See the guide in the README, and `examples/`.
 *
 * @module megaphone/workload
 */
export {
  type BuiltWorkload,
  type ParameterDescription,
  type SourceProgress,
  type StateInput,
  type Workload,
  type WorkloadDescription,
  type WorkloadInput,
} from './workload.ts';
export {
  type KernelContext,
  type KeyedBinary,
  type KeyedOperator,
  type KeyedUnary,
  megaphoneBinary,
  megaphoneUnary,
  nativeBinary,
  nativeUnary,
  type Notifier,
} from './keyed-operator.ts';
export { mix, RandomDraws, SeedError, TWO_POW_32 } from './random.ts';
export { workerState, WorkerTimers } from './worker-state.ts';
