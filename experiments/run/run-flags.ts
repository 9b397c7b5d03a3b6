/** Flags of Node for the process of a run. */

/**
 * Workers have a core of their own each, and every other thread of the process takes time from one of them.
 * `--v8-pool-size=1` leaves V8 one helper instead of four: it still compiles beside the workers, which would stand still
 * otherwise. `--single-threaded-gc` collects on the thread whose heap it is; `--no-memory-reducer` leaves out the full
 * collections that come some seconds after the main thread went idle, as it does in every run. The larger young generation
 * is collected twice in a second, not 24 times: it holds little that lives, and V8 starts with 1 MiB. `--expose-gc` lets a
 * worker collect what building and loading have left before the clock starts.
 *
 * In two turns of 5 s on two busy cores, other threads took 602 and 209 slices without flags, 8 and 219 without
 * `--v8-pool-size`, 9 and 50 with all: too few turns to say more than the direction. The suite `quiet` repeats it.
 */
export const RUN_FLAGS: readonly string[] = [
  '--v8-pool-size=1',
  '--single-threaded-gc',
  '--no-memory-reducer',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--expose-gc',
];
