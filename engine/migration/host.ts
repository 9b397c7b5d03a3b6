/**
 * S: hosts the bins of one worker (paper section 3.4).
 *
 * Received state is installed at once. Records are applied in timestamp order, once their time is in advance of neither
 * the data nor the state frontier; then every record before them was applied, and the bins they need are here. Post-dated
 * entries fire in the same order; at equal times records go first.
 */
import type { Batch } from '../dataflow/batch.ts';
import type { InputPort } from '../dataflow/input-port.ts';
import { Operator } from '../dataflow/operator.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import type { ColumnTypes, Schema } from '../dataflow/schema.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { BatchStash } from './batch-stash.ts';
import type { ControlStream } from './control-stream.ts';
import type { Router } from './router.ts';
import { installFrames, STATE_ROWS, STATE_SLOTS, type StateColumns } from './state-channel.ts';
import type { BinState } from './state/bin-state.ts';
import type { PendingQueue } from './state/pending-queue.ts';

/** The user's logic, as the host calls it. */
export interface HostLogic {
  /** Applies the records of data input `input`; `output` is set to their time. */
  onRecords(input: number, batch: Batch): void;
  /** Handles a post-dated entry; `output` is set to its time. */
  onPending(time: Timestamp, key: number, value: number): void;
}

/** One data input: what waits for its time, and what is applied now. */
interface HostedPort {
  readonly input: InputPort;
  readonly stash: BatchStash<ColumnTypes>;
  /** Batches of the current run, ascending by time. */
  readonly due: Batch[];
}

/** The host of one migratable operator on one worker. */
export class Host<O extends ColumnTypes> extends Operator {
  /** The results. */
  readonly output: OutputPort<O>;
  /** Time of the records or the entry that the logic handles now. */
  time: Timestamp = 0;
  readonly #ports: readonly HostedPort[];
  /** By data input: due batches that were applied in the current run. */
  readonly #positions: Int32Array;
  readonly #stateInput: InputPort<StateColumns>;
  readonly #state: BinState;
  readonly #pending: PendingQueue | null;
  readonly #initial: Int32Array;
  #logic: HostLogic | null = null;
  /** Everything before it was applied. */
  #applied: Timestamp = 0;

  /** A host behind `router`, with which it shares `state`; `pending` is one of the containers of `state`, or null. */
  constructor(
    name: string,
    router: Router,
    control: ControlStream,
    schema: Schema<O>,
    state: BinState,
    pending: PendingQueue | null,
  ) {
    super(control.stream.scope, `${name}.S`);
    this.#state = state;
    this.#pending = pending;
    this.#initial = control.initial;
    this.#ports = router.routedStreams.map((stream, i) => {
      const input = this.addInput();
      this.scope.connect(stream, input, router.pactOf(i));
      return { input, stash: new BatchStash(), due: [] };
    });
    this.#positions = new Int32Array(this.#ports.length);
    this.#stateInput = this.addInput<StateColumns>();
    this.scope.connect(router.stateStream, this.#stateInput, router.sender.pact, {
      rows: STATE_ROWS,
      slots: STATE_SLOTS,
    });
    this.output = this.addOutput(schema);
  }

  /** Sets the logic; once, before the dataflow starts. */
  use(logic: HostLogic): void {
    this.#logic = logic;
  }

  /** Creates the bins that this worker owns at the start. */
  override start(): void {
    for (let bin = 0; bin < this.#initial.length; bin++) {
      if (this.#initial[bin] === this.scope.worker) this.#state.create(bin);
    }
  }

  protected override run(): boolean {
    for (const batch of this.#stateInput.arrivals) installFrames(batch, this.#state);
    let frontier = this.#stateInput.frontier;
    for (const { input } of this.#ports) frontier = Math.min(frontier, input.frontier);
    this.#applied = frontier;
    if (this.#pending !== null) this.#pending.horizon = frontier;
    for (const port of this.#ports) collectDue(port, frontier);
    this.#apply(frontier);
    for (const port of this.#ports) releaseDue(port);
    return false;
  }

  protected override frontierOf(): Timestamp {
    return this.#pending === null ? this.#applied : Math.min(this.#applied, this.#pending.nextTime());
  }

  /** Applies due batches and pending entries before `frontier` in the order of time. */
  #apply(frontier: Timestamp): void {
    const ports = this.#ports;
    const logic = this.#logic!;
    const positions = this.#positions.fill(0);
    for (;;) {
      let next: Timestamp = CLOSED;
      let from = -1;
      for (let i = 0; i < ports.length; i++) {
        const time = ports[i]!.due[positions[i]!]?.time ?? CLOSED;
        if (time < next) {
          next = time;
          from = i;
        }
      }
      // At equal times records go before pending entries.
      const pendingTime = this.#pending?.nextTime() ?? CLOSED;
      if (pendingTime < frontier && pendingTime < next) {
        this.#pending!.pop();
        this.time = pendingTime;
        this.output.at(pendingTime);
        logic.onPending(pendingTime, this.#pending!.poppedKey, this.#pending!.poppedValue);
      } else if (from >= 0) {
        const batch = ports[from]!.due[positions[from]!]!;
        positions[from] = positions[from]! + 1;
        this.time = next;
        this.output.at(next);
        logic.onRecords(from, batch);
      } else {
        return;
      }
    }
  }
}

/** Moves what is before `frontier` to `due`, ascending by time, and stashes the other arrivals. */
function collectDue({ input, stash, due }: HostedPort, frontier: Timestamp): void {
  while (stash.earliest() < frontier) due.push(stash.shift());
  for (const batch of input.arrivals) {
    if (batch.time >= frontier) {
      stash.insert(input.retain(batch));
      continue;
    }
    let at = due.length;
    while (at > 0 && due[at - 1]!.time > batch.time) at--;
    if (at === due.length) due.push(batch);
    else due.splice(at, 0, batch);
  }
}

/** Lets go of the applied batches that came from the stash; the others lie in ring slots. */
function releaseDue({ due }: HostedPort): void {
  for (const batch of due) {
    if (batch.pool !== null) batch.release();
  }
  due.length = 0;
}
