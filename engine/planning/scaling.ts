/**
 * Configurations that use more or fewer workers than the current one, at the cost of as few moved bins as possible.
 *
 * A worker is active if it owns a bin. The active workers of a result are 0..workers - 1 (as far as there are enough bins).
 */
import { binCounts, checkConfiguration, type Configuration } from './configurations.ts';
import { ConfigurationError } from './errors.ts';

/**
 * The configuration that is level over workers 0..workers - 1 (bin counts differ by at most one) and differs from
 * `current` in the fewest bins.
 *
 * From a level start on fewer workers bins move onto additional workers only; from an uneven start some may move
 * between workers that were active before. Costs O(bins + moved bins * workers); `current` is not changed.
 *
 * @param workers - workers active afterwards, at most `peers`.
 * @throws {ConfigurationError} when `current` is malformed, `workers` is not an integer in 1..peers, or a bin belongs to a
 *   worker from `workers` on (then {@link scaleIn} is meant).
 */
export function scaleOut(current: Configuration, peers: number, workers: number): Configuration {
  checkConfiguration(current, peers, 'scaleOut, current');
  checkWorkers(workers, peers, 'scaleOut');
  const outside = current.findIndex((owner) => owner >= workers);
  if (outside !== -1) {
    throw new ConfigurationError({
      where: `scaleOut, current, bin ${outside}`,
      expected: `an owner in 0..${workers - 1}, as the number of workers must not fall`,
      found: String(current[outside]),
    });
  }
  const counts = binCounts(current, peers);
  const share = Math.floor(current.length / workers);
  // the bins left over stay where they are: each worker with more than its share may keep one of them
  let leftOver = current.length % workers;
  const surplus = counts.map((count) => {
    if (count <= share) return 0;
    const kept = leftOver > 0 ? share + 1 : share;
    leftOver -= kept - share;
    return count - kept;
  });
  return relocate(current, counts, surplus, workers);
}

/**
 * The configuration in which the bins of workers from `workers` on have moved to workers 0..workers - 1; no other bin moves.
 *
 * Each of them goes to the worker with the fewest bins at that point, so the result is as level as moving only these allows:
 * the smallest count is as large as it can be. Costs O(bins + moved bins * workers); `current` is not changed.
 *
 * @param workers - workers active afterwards, at most `peers`.
 * @throws {ConfigurationError} when `current` is malformed or `workers` is not an integer in 1..peers.
 */
export function scaleIn(current: Configuration, peers: number, workers: number): Configuration {
  checkConfiguration(current, peers, 'scaleIn, current');
  checkWorkers(workers, peers, 'scaleIn');
  const counts = binCounts(current, peers);
  const surplus = counts.map((count, worker) => (worker < workers ? 0 : count));
  return relocate(current, counts, surplus, workers);
}

/**
 * Takes `surplus[w]` bins from every worker w, lowest bins first, and gives each to the worker below `workers` that has the
 * fewest bins then (the lowest index among equals). Uses up `counts` and `surplus`, both by worker index.
 */
function relocate(current: Configuration, counts: Int32Array, surplus: Int32Array, workers: number): Configuration {
  const owners = current.slice();
  for (let bin = 0; bin < owners.length; bin++) {
    const source = owners[bin]!;
    if (surplus[source] === 0) continue;
    surplus[source]! -= 1;
    counts[source]! -= 1;
    let target = 0;
    for (let worker = 1; worker < workers; worker++) {
      if (counts[worker]! < counts[target]!) target = worker;
    }
    owners[bin] = target;
    counts[target]! += 1;
  }
  return owners;
}

function checkWorkers(workers: number, peers: number, where: string): void {
  if (!Number.isInteger(workers) || workers < 1 || workers > peers) {
    throw new ConfigurationError({
      where: `${where}, workers`,
      expected: `an integer in 1..${peers} (the number of peers)`,
      found: String(workers),
    });
  }
}
