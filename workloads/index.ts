/** All workloads by name. */
import { nexmarkWorkloads } from './nexmark/queries/index.ts';
import { hashCountWorkload, keyCountWorkload } from './word-count/word-count.ts';
import type { Workload } from './workload.ts';

export { nexmarkWorkloads } from './nexmark/queries/index.ts';
export {
  type BuiltWorkload,
  type ParameterDescription,
  type SourceProgress,
  type StateInput,
  type Workload,
  type WorkloadDescription,
  type WorkloadInput,
} from './workload.ts';

/** Workloads by the name that configs use. */
export const workloads: Readonly<Record<string, Workload>> = {
  'key-count': keyCountWorkload,
  'hash-count': hashCountWorkload,
  ...nexmarkWorkloads,
};
