/** A link that breaks the order on purpose: raises of cells overtake the frames that were sent ahead of them. */
import { decodeFrame, encodeFrame, frameHeader } from '../../transport/frame.ts';
import type { LinkedTransport } from '../../transport/link.ts';
import type { RingReceiver, RingSender } from '../../transport/ring.ts';
import type { Random } from '../random.ts';

/** The way from one worker to another, in the wrong order. */
export class HastyLink {
  readonly #from: LinkedTransport;
  readonly #to: LinkedTransport;
  readonly #leaving: readonly RingReceiver[];
  readonly #arriving: readonly RingSender[];
  readonly #frames: Uint8Array[] = [];

  constructor(from: LinkedTransport, to: LinkedTransport) {
    this.#from = from;
    this.#to = to;
    this.#leaving = from.channels.map((channel) => from.leaving(channel, to.worker));
    this.#arriving = to.channels.map((channel) => to.arriving(channel, from.worker));
  }

  /** Takes frames up, tells all raises at once, and delivers some of the frames. */
  act(random: Random): void {
    this.#collect();
    for (let output = 0; output < this.#from.outputs; output++) {
      this.#to.cells.raise(output, this.#from.worker, this.#from.cells.read(output, this.#from.worker));
    }
    for (let count = random.below(this.#frames.length + 1); count > 0; count--) {
      const frame = this.#frames[0]!;
      const ring = this.#arriving[frameHeader(frame).channel]!;
      const slot = ring.reserve();
      if (slot === null) return;
      decodeFrame(frame, slot);
      ring.publish();
      this.#frames.shift();
    }
  }

  #collect(): void {
    this.#leaving.forEach((ring, channel) => {
      const count = ring.available();
      for (let i = 0; i < count; i++) this.#frames.push(encodeFrame(channel, ring.at(i)));
      ring.release(count);
    });
  }
}
