/** How long the machine's floor is measured. */

/** How long to measure before a run of `durationS`: a second, or a quarter of a short run. */
export function floorSeconds(durationS: number): number {
  return Math.min(1, durationS / 4);
}
