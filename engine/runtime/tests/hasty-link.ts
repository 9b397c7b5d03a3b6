/** A link that breaks the order on purpose: raises of cells overtake the frames that were sent ahead of them. */
import type { GraphDescription } from '../../dataflow/scope.ts';
import { Outbox } from '../../transport/outbox.ts';
import { mostPayloadBytes, type ProcessLink } from '../../transport/process-link.ts';
import { MESSAGE, MessageReader } from '../../transport/wire.ts';
import type { Random } from '../random.ts';
import type { SimulatedProcess } from '../simulated-process.ts';

/** One direction between two processes, in the wrong order. */
export class HastyLink {
  readonly #sending: ProcessLink;
  readonly #receiving: ProcessLink;
  readonly #outbox: Outbox;
  readonly #frames: Buffer[] = [];

  constructor(sending: ProcessLink, receiving: ProcessLink, { channels, outputs }: GraphDescription) {
    this.#sending = sending;
    this.#receiving = receiving;
    const mostBytes = mostPayloadBytes({ channels, outputs: outputs.length });
    const reader = new MessageReader(mostBytes, (kind, payload) => {
      if (kind === MESSAGE.raises) return receiving.accept(kind, payload);
      this.#frames.push(Buffer.from(payload));
      return true;
    });
    this.#outbox = new Outbox((bytes, onSent) => {
      reader.push(Buffer.from(bytes));
      onSent();
    });
  }

  /** Takes frames up, tells all raises at once, and delivers some of the frames. */
  act(random: Random): void {
    this.#sending.collect(this.#outbox);
    for (let count = random.below(this.#frames.length + 1); count > 0; count--) {
      if (!this.#receiving.accept(MESSAGE.frame, this.#frames[0]!)) return;
      this.#frames.shift();
    }
  }
}

/** Both directions between all processes. */
export function hastyLinks(processes: readonly SimulatedProcess[], graph: GraphDescription): HastyLink[] {
  return processes.flatMap((a, index) =>
    processes.slice(index + 1).flatMap((b) => {
      const [there, back] = [a.linkTo(b, graph), b.linkTo(a, graph)];
      return [new HastyLink(there, back, graph), new HastyLink(back, there, graph)];
    }),
  );
}
