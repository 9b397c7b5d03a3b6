/**
 * The order in which runs are made. With repeats it is a randomized block design: every round makes each setting once, in a random order
 * of its own that the seed decides, so that a machine that becomes slower or faster meanwhile does the same to all settings.
 */
import type { RunSpec } from '../config/run-spec.ts';
import { uniformDraws } from '../stats/uniform-draws.ts';

/** The same runs in the order in which they are made: as they are given when nothing is repeated. */
export function runOrder(specs: readonly RunSpec[]): RunSpec[] {
  const rounds = [...Map.groupBy(specs, ({ repeat }) => repeat)].sort(([a], [b]) => a - b);
  if (rounds.length < 2) return [...specs];
  const draw = uniformDraws(specs[0]!.seed);
  return rounds.flatMap(([, round]) => shuffled(round, draw));
}

function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(draw() * (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
