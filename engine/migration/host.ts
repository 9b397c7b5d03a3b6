/**
 * S: hosts the bins of one worker (paper section 3.4).
 *
 * Received state is installed at once. Records are applied in timestamp order, once both the data and the state frontier
 * have passed their time; until then they stay in the rings where they arrived. Pending entries fire in the same order; at
 * equal times records go first.
 */
import type { Batch } from '../dataflow/batch.ts';
import type { ArrivalsPort, OrderedPort } from '../dataflow/input-port.ts';
import { Operator } from '../dataflow/operator.ts';
import type { OutputPort } from '../dataflow/output-port.ts';
import type { ColumnTypes, Schema } from '../dataflow/schema.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import type { Binning } from './binning.ts';
import type { ControlStream } from './control-stream.ts';
import { ExtendedNotificator } from './extended-notificator.ts';
import { PendingEntries } from './pending-entries.ts';
import type { Router } from './router.ts';
import { STATE_ROWS, STATE_SLOTS, type StateColumns, StateReceiver } from './state-channel.ts';
import type { BinState } from './state/bin-state.ts';
import type { PendingQueue } from './state/pending-queue.ts';

/** The user's logic, as the host calls it. */
export interface HostLogic {
  /** Applies the records of data input `input`; the output is set to their time. */
  onRecords(input: number, batch: Batch): void;
  /** Handles a pending entry; the output is set to its time. */
  onPending(time: Timestamp, key: number, value: number): void;
}

/** What the logic is built with. */
export interface HostContext<O extends ColumnTypes> {
  /** The results. */
  readonly output: OutputPort<O>;
  /** Takes pending entries. */
  readonly notificator: ExtendedNotificator;
}

/** The bins that a host shares with its router, and how keys fall into them. */
export interface HostedState {
  /** All containers. */
  readonly state: BinState;
  /** The pending entries of bins: one of the containers. */
  readonly pending: PendingQueue;
  /** From keys to bins. */
  readonly binning: Binning;
}

/** The host of one migratable operator on one worker. */
export class Host<O extends ColumnTypes> extends Operator {
  /** The results. */
  readonly output: OutputPort<O>;
  readonly #inputs: readonly OrderedPort[];
  readonly #stateInput: ArrivalsPort<StateColumns>;
  readonly #receiver: StateReceiver;
  readonly #state: BinState;
  readonly #pending: PendingEntries;
  readonly #notificator: ExtendedNotificator;
  readonly #initial: Int32Array;
  readonly #logic: HostLogic;

  /** A host behind `router`, with which it shares the state. */
  constructor(
    name: string,
    router: Router,
    control: ControlStream,
    { state, pending, binning }: HostedState,
    schema: Schema<O>,
    build: (context: HostContext<O>) => HostLogic,
  ) {
    super(control.stream.scope, `${name}.S`);
    this.#state = state;
    this.#initial = control.initial;
    this.#inputs = router.routed.map(({ stream, pact }) => this.addOrderedInput(stream, pact));
    const size = { rows: STATE_ROWS, slots: STATE_SLOTS };
    this.#stateInput = this.addInput(router.stateStream, router.sender.pact, size);
    this.#receiver = new StateReceiver(state, this.scope.extents, control.handoff);
    this.output = this.addOutput(schema);
    this.#pending = new PendingEntries(pending, this.scope.extents.words);
    this.#notificator = new ExtendedNotificator(this.#pending, binning);
    this.#logic = build({ output: this.output, notificator: this.#notificator });
  }

  /** Creates the bins that this worker owns at the start. */
  override start(): void {
    for (let bin = 0; bin < this.#initial.length; bin++) {
      if (this.#initial[bin] === this.scope.worker) this.#state.create(bin);
    }
  }

  protected override run(): boolean {
    const { arrivals } = this.#stateInput;
    for (let i = 0; i < arrivals.length; i++) this.#receiver.receive(arrivals[i]!);
    const frontier = super.frontierOf(0);
    this.#pending.horizon = frontier;
    this.#apply(frontier);
    return false;
  }

  protected override frontierOf(output: number): Timestamp {
    return Math.min(super.frontierOf(output), this.#pending.nextTime());
  }

  /** Applies batches and pending entries before `frontier` in the order of time. */
  #apply(frontier: Timestamp): void {
    const inputs = this.#inputs;
    const logic = this.#logic;
    for (;;) {
      let next: Timestamp = CLOSED;
      let from = -1;
      for (let i = 0; i < inputs.length; i++) {
        const time = inputs[i]!.earliest();
        if (time < next) {
          next = time;
          from = i;
        }
      }
      // At equal times records go before pending entries.
      const pendingTime = this.#pending.nextTime();
      if (pendingTime < next) {
        if (pendingTime >= frontier) return;
        this.#pending.pop();
        this.#notificator.present = pendingTime;
        this.output.at(pendingTime);
        logic.onPending(pendingTime, this.#pending.key, this.#pending.value);
      } else {
        if (next >= frontier) return;
        const batch = inputs[from]!.take(frontier)!;
        this.#notificator.present = next;
        this.output.at(next);
        logic.onRecords(from, batch);
      }
    }
  }
}
