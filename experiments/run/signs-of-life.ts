/**
 * Signs of life: each end of a channel says twice a second that it is there, and gives the other up that has said nothing for longer. A host
 * that dies, or is cut off, closes no connection, and neither does a process that is stopped.
 */

/** What is said: an empty line. */
const SIGN = '\n';

/** Time between two signs. */
const SIGN_MS = 500;

/** Who says nothing for this long is given up: a little later than the links of the engine do it, which know more. */
const SILENCE_MS = 3500;

/** Time between two looks whether the other end was heard. */
const LOOK_MS = 250;

/** Between two looks further apart this process stood still itself, and what was said meanwhile is not read yet. */
const STILL_MS = 4 * LOOK_MS;

/** What is said of an end that is silent. */
export const SILENT = `nothing came from it for ${SILENCE_MS / 1e3} s`;

/** Says that this process is there, until the timer is cleared, which keeps no process alive. */
export function giveSigns(write: (sign: string) => void): NodeJS.Timeout {
  return setInterval(() => write(SIGN), SIGN_MS).unref();
}

/** Notices when the other end is silent. */
export class Silence {
  #heardMs = performance.now();
  #lookedMs = this.#heardMs;
  readonly #timer: NodeJS.Timeout;

  /** Begins to listen; `onSilent` is called once, unless `end` is called before. */
  constructor(onSilent: () => void) {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      if (nowMs - this.#lookedMs > STILL_MS) this.#heardMs = nowMs;
      this.#lookedMs = nowMs;
      if (nowMs - this.#heardMs < SILENCE_MS) return;
      this.end();
      onSilent();
    }, LOOK_MS).unref();
  }

  /** The other end has said something. */
  heard(): void {
    this.#heardMs = performance.now();
  }

  /** Listens no longer. */
  end(): void {
    clearInterval(this.#timer);
  }
}
