/**
 * The controller: carries out scripted migrations, step by step. It issues the next step when the output frontier has
 * passed the last one (and the gap has passed), and logs when each step was issued and completed.
 *
 * It may rehearse plans before the clock starts, on the loaded state: the first migration of a run would otherwise also
 * measure the compilation of the code that moves bins.
 */
import type { ControlDriver, ControlUpdates } from '../migration/control-stream.ts';
import type { Probe } from '../progress/probe.ts';
import { CLOSED, FIRST_TICK, MAX_TIMESTAMP, type Timestamp, timestampOf } from '../progress/timestamp.ts';
import type { Step } from './moves.ts';
import type { Plan } from './plan.ts';

/** A migration that starts at a given time. */
export interface ScriptedMigration {
  /** The tick at which the first step is issued, or later if the migration before has not completed. */
  readonly atTick: number;
  /** Its steps. */
  readonly plan: Plan;
}

/** A step that was issued. */
export interface StepRecord {
  /** Index of the migration in the script. */
  readonly migration: number;
  /** Index of the step in its plan. */
  readonly step: number;
  /** The time at which the step's updates take effect. */
  readonly time: Timestamp;
  /** When the step was issued. */
  readonly issued: Timestamp;
  /** When the controller saw that the output frontier had passed `time`; null before. */
  completed: Timestamp | null;
  /** Bins that the step moves. */
  readonly bins: number;
}

/** What a controller carries out. */
export interface ControllerOptions {
  /** Migrations in the order of their start. */
  readonly script: readonly ScriptedMigration[];
  /** Observes the output of the operator that migrates. */
  readonly probe: Probe;
  /** The control stream stays open until this tick, and until the last step has completed. */
  readonly endTick: number;
  /**
   * Plans that are carried out before the clock starts, in order, and not logged. The last one must lead back to the initial
   * configuration, and the program must not be ready before the probe has reached FIRST_TICK: a rehearsal that the clock
   * interrupts leaves bins where they are.
   *
   * @default none
   */
  readonly rehearsal?: readonly Plan[];
}

/** Drives a control stream by a script. */
export class Controller implements ControlDriver {
  /** All steps that were issued, in order. */
  readonly log: StepRecord[] = [];
  readonly #script: readonly ScriptedMigration[];
  readonly #probe: Probe;
  readonly #end: Timestamp;
  /** Steps that are left to rehearse, the next one last. */
  readonly #rehearsal: Step[];
  #rehearsed: Timestamp | null = null;
  #migration = 0;
  #step = 0;
  #inFlight: StepRecord | null = null;
  #notBefore: Timestamp = 0;

  /** A controller that has not issued anything. */
  constructor({ script, probe, endTick, rehearsal = [] }: ControllerOptions) {
    this.#script = script;
    this.#probe = probe;
    this.#end = timestampOf(endTick);
    this.#rehearsal = rehearsal.flatMap(({ steps }) => steps).reverse();
  }

  /** Whether steps are left to rehearse, or the last one has not completed. */
  get rehearsing(): boolean {
    return this.#rehearsal.length > 0 || this.#rehearsed !== null;
  }

  /** Whether no step is in flight, or left in the script. */
  get finished(): boolean {
    return this.#inFlight === null && this.#migration >= this.#script.length;
  }

  /** Looks for completion, then issues the next step if it is due. */
  step(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): Timestamp {
    if (now < FIRST_TICK) {
      this.#rehearse(earliest, updates);
      return MAX_TIMESTAMP;
    }
    if (this.#inFlight !== null && this.#probe.frontier() > this.#inFlight.time) {
      this.#inFlight.completed = now;
      this.#notBefore = now + this.#script[this.#inFlight.migration]!.plan.gapTicks;
      this.#inFlight = null;
    }
    if (this.#inFlight === null) this.#issue(now, earliest, updates);
    if (this.finished) return now >= this.#end ? CLOSED : this.#end;
    // A step in flight is over when others have done their part, which wakes this worker.
    if (this.#inFlight !== null) return MAX_TIMESTAMP;
    return Math.max(this.#notBefore, timestampOf(this.#script[this.#migration]!.atTick));
  }

  #rehearse(earliest: Timestamp, updates: ControlUpdates): void {
    // Loading comes first: everything before the control frontier has been applied then.
    if (this.#probe.frontier() < earliest) return;
    this.#rehearsed = null;
    const moves = this.#rehearsal.pop();
    if (moves === undefined) return;
    for (const { bin, target } of moves) updates.move(earliest, bin, target);
    this.#rehearsed = earliest;
  }

  #issue(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): void {
    const migration = this.#script[this.#migration];
    if (migration === undefined || now < timestampOf(migration.atTick) || now < this.#notBefore) return;
    const moves = migration.plan.steps[this.#step];
    if (moves === undefined) {
      this.#migration += 1;
      this.#step = 0;
      return;
    }
    for (const { bin, target } of moves) updates.move(earliest, bin, target);
    this.#inFlight = {
      migration: this.#migration,
      step: this.#step,
      time: earliest,
      issued: now,
      completed: null,
      bins: moves.length,
    };
    this.log.push(this.#inFlight);
    this.#step += 1;
  }
}
