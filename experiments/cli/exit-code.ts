/** Exit codes of the command line. */
export const EXIT = {
  /** Everything that was asked for is there. */
  done: 0,
  /** A run failed, outputs differ, or a chart could not be drawn. */
  failed: 1,
  /** The command line, a config or a folder is wrong; nothing was changed. */
  input: 2,
  /** All runs are there, but one is not as fast as its config expects. */
  expectation: 3,
  /** A run could not keep up with its offered rate: what was measured means nothing. */
  invalid: 4,
  /** `compare --fail-on slower` found something slower. */
  slower: 3,
  /** Stopped by Ctrl-C; other signals likewise have 128 and their number. */
  interrupted: 130,
} as const;
