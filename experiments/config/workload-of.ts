/** The workload that a run is of. */
import { type Workload, workloads } from '../../workloads/index.ts';
import { loadPlugIn, PlugInError } from './plug-in.ts';
import type { WorkloadSpec } from './run-spec.ts';

/**
 * The workload of a run: one of the project's, or that of a file, which has to be what it was when the run was planned.
 *
 * @throws {PlugInError} when the file cannot be loaded, or has changed
 */
export function workloadOf({ name, plugIn }: WorkloadSpec): Workload {
  if (plugIn === undefined) {
    const workload = Object.hasOwn(workloads, name) ? workloads[name] : undefined;
    if (workload === undefined) throw new Error(`no workload is called ${name}`);
    return workload;
  }
  const { workload, digest } = loadPlugIn(plugIn.file);
  if (digest !== plugIn.digest) {
    throw new PlugInError(
      plugIn.file,
      `has changed since the run was planned (digest ${digest}, not ${plugIn.digest})`,
    );
  }
  return workload;
}
