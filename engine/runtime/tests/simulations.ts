/** How many simulations the property tests run, and how a failure is replayed. */

/**
 * Parameters of a property with `runs` runs in continuous integration. MEGAPHONE_SIMULATIONS multiplies the runs;
 * MEGAPHONE_SEED and MEGAPHONE_PATH replay what a failure has printed as `seed` and `path`.
 */
export function simulations(runs: number): { numRuns: number; seed?: number; path?: string } {
  const { MEGAPHONE_SIMULATIONS: factor, MEGAPHONE_SEED: seed, MEGAPHONE_PATH: path } = process.env;
  const numRuns = Math.ceil(runs * numberFrom('MEGAPHONE_SIMULATIONS', factor ?? '1'));
  return {
    numRuns,
    ...(seed !== undefined && { seed: numberFrom('MEGAPHONE_SEED', seed) }),
    ...(path !== undefined && { path }),
  };
}

function numberFrom(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new RangeError(`${name}: "${text}"; expected a number`);
  return value;
}
