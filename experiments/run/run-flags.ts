/** Flags of Node for the process of a run. */

/**
 * Workers have a core of their own each, and every other thread of the process takes time from one of them.
 * `--v8-pool-size=1` leaves V8 one helper instead of four: it still compiles beside the workers, which would stand still
 * otherwise, but nothing is spread over threads that have no core. Of 209 slices that other threads took in 5 s of
 * key-count at 500 000 records/s on two loaded cores, 50 were left (preliminary: one turn). `--single-threaded-gc` collects on
 * the thread whose heap it is; `--no-memory-reducer` leaves out the full collections that come some seconds after the main
 * thread went idle, as it does in every run. These two alone changed nothing in that turn.
 */
export const RUN_FLAGS: readonly string[] = ['--v8-pool-size=1', '--single-threaded-gc', '--no-memory-reducer'];
