/**
 * The controller: carries out scripted migrations, step by step. It issues the next step when the output frontier has
 * passed the last one (and the gap has passed), and logs when each step was issued and completed.
 */
import type { ControlDriver, ControlUpdates } from '../migration/control-stream.ts';
import type { Probe } from '../progress/probe.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { Plan } from './plan.ts';

/** A migration that starts at a given time. */
export interface ScriptedMigration {
  /** The tick at which the first step is issued, or later if the migration before has not completed. */
  readonly at: Timestamp;
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
  /** The tick at which the step was issued. */
  readonly issued: Timestamp;
  /** The tick at which the controller saw that the output frontier had passed `time`; null before. */
  completed: Timestamp | null;
  /** Bins that the step moves. */
  readonly bins: number;
}

/** Drives a control stream by a script. */
export class Controller implements ControlDriver {
  /** All steps that were issued, in order. */
  readonly log: StepRecord[] = [];
  readonly #script: readonly ScriptedMigration[];
  readonly #probe: () => Probe;
  readonly #end: Timestamp;
  #migration = 0;
  #step = 0;
  #underWay: StepRecord | null = null;
  #notBefore: Timestamp = 0;

  /**
   * Migrations in the order of their start; `probe` observes the output of the operator that migrates (asked for when the
   * first step is under way); the control stream stays open until `end`, and until the last step has completed.
   */
  constructor(script: readonly ScriptedMigration[], probe: () => Probe, end: Timestamp) {
    this.#script = script;
    this.#probe = probe;
    this.#end = end;
  }

  /** Whether a step is under way or due. */
  get finished(): boolean {
    return this.#underWay === null && this.#migration >= this.#script.length;
  }

  /** Looks for completion, then issues the next step if it is due. */
  step(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): boolean {
    if (this.#underWay !== null && this.#probe().frontier() > this.#underWay.time) {
      this.#underWay.completed = now;
      this.#notBefore = now + this.#script[this.#underWay.migration]!.plan.gapTicks;
      this.#underWay = null;
    }
    if (this.#underWay === null) this.#issue(now, earliest, updates);
    return this.finished && now >= this.#end;
  }

  #issue(now: Timestamp, earliest: Timestamp, updates: ControlUpdates): void {
    const migration = this.#script[this.#migration];
    if (migration === undefined || now < migration.at || now < this.#notBefore) return;
    const moves = migration.plan.steps[this.#step];
    if (moves === undefined) {
      this.#migration += 1;
      this.#step = 0;
      return;
    }
    for (const { bin, target } of moves) updates.move(earliest, bin, target);
    this.#underWay = {
      migration: this.#migration,
      step: this.#step,
      time: earliest,
      issued: now,
      completed: null,
      bins: moves.length,
    };
    this.log.push(this.#underWay);
    this.#step += 1;
  }
}
