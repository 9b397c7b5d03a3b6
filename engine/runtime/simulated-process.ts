/** The processes of a simulation: workers that share memory, and the links between them, whose bytes arrive in pieces of any length. */
import { allocateHeap, Extents } from '../dataflow/extents.ts';
import type { GraphDescription } from '../dataflow/scope.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { Outbox } from '../transport/outbox.ts';
import { mostPayloadBytes, ProcessLink } from '../transport/process-link.ts';
import {
  allocateRings,
  ringSizes,
  SharedMemoryTransport,
  type SharedRings,
  startRingsAt,
} from '../transport/shared-memory.ts';
import { MessageReader } from '../transport/wire.ts';
import type { Random } from './random.ts';

/** Workers that share memory. */
export class SimulatedProcess {
  /** Its workers. */
  readonly workers: readonly number[];
  /** The cells of all workers, as far as they are known here. */
  readonly cells: FrontierCells;
  /** The heap of state. */
  readonly extents: Extents;
  #rings: SharedRings = [];

  /** A process with some of `peers` workers. */
  constructor(workers: readonly number[], peers: number, heapBytes: number) {
    this.workers = workers;
    this.cells = new FrontierCells(peers);
    this.extents = new Extents(allocateHeap(heapBytes));
  }

  /** Allocates the rings of a dataflow, whose counters start at `ringStart`. */
  allocate(graph: Pick<GraphDescription, 'channels'>, ringStart: number): void {
    this.#rings = allocateRings(ringSizes(graph, this.cells.peers));
    startRingsAt(ringStart, this.#rings, graph);
  }

  /** A worker's view of the rings. */
  transport(worker: number): SharedMemoryTransport {
    return new SharedMemoryTransport(this.#rings, worker, this.cells.peers, (peer) => this.workers.includes(peer));
  }

  /** This end of the link to another process. */
  linkTo(other: SimulatedProcess, { channels, outputs }: GraphDescription): ProcessLink {
    return new ProcessLink({
      channels,
      outputs: outputs.length,
      cells: this.cells,
      extents: this.extents,
      local: this.workers,
      remote: other.workers,
      transportOf: (worker) => this.transport(worker),
      contentsBytes: CONTENTS_BYTES,
    });
  }
}

/** One direction of a link: what one end sends, and the other end takes. */
export class SimulatedLink {
  /** The process that sends. */
  readonly from: SimulatedProcess;
  /** The process that receives. */
  readonly to: SimulatedProcess;
  readonly #sending: ProcessLink;
  readonly #receiving: ProcessLink;
  readonly #outbox: Outbox;
  readonly #reader: MessageReader;
  #bytes = Buffer.alloc(0);
  #isHeld = false;
  #applied = 0;

  /** The direction between these processes, at their ends of the link. */
  constructor(
    from: SimulatedProcess,
    to: SimulatedProcess,
    ends: { readonly sending: ProcessLink; readonly receiving: ProcessLink },
    { channels, outputs }: GraphDescription,
  ) {
    this.from = from;
    this.to = to;
    this.#sending = ends.sending;
    this.#receiving = ends.receiving;
    this.#outbox = new Outbox((bytes, onSent) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      onSent();
    });
    const mostBytes = mostPayloadBytes({ channels, outputs: outputs.length });
    this.#reader = new MessageReader(mostBytes, (kind, payload) => {
      const isApplied = this.#receiving.accept(kind, payload);
      if (isApplied) this.#applied += 1;
      return isApplied;
    });
  }

  /** Whether something is on its way, or waits for room. */
  get isBusy(): boolean {
    return this.#bytes.length > 0 || this.#isHeld;
  }

  /** Takes up what the sending process has published. Returns whether there was anything. */
  collect(): boolean {
    return this.#sending.collect(this.#outbox);
  }

  /** Lets some of the bytes arrive, a few or many, and applies what is complete. Returns whether anything was applied. */
  deliver(random: Random): boolean {
    const before = this.#applied;
    if (this.#isHeld) this.#isHeld = !this.#reader.retry();
    else {
      const most = random.below(2) === 0 ? Math.min(FEW_BYTES, this.#bytes.length) : this.#bytes.length;
      const count = random.below(most + 1);
      this.#isHeld = !this.#reader.push(this.#bytes.subarray(0, count));
      this.#bytes = this.#bytes.subarray(count);
    }
    return this.#applied > before;
  }
}

/** A head of five containers is shorter, most bins are longer. */
const CONTENTS_BYTES = 256;

/** Fewer than most messages have. */
const FEW_BYTES = 24;

/** Both directions of the links between all processes. */
export function simulatedLinks(processes: readonly SimulatedProcess[], graph: GraphDescription): SimulatedLink[] {
  const ends = processes.map((a) => processes.map((b) => (a === b ? null : a.linkTo(b, graph))));
  return processes.flatMap((from, a) =>
    processes.flatMap((to, b) => {
      const sending = ends[a]![b]!;
      const receiving = ends[b]![a]!;
      return a === b ? [] : [new SimulatedLink(from, to, { sending, receiving }, graph)];
    }),
  );
}
