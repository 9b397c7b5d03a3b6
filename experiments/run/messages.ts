/**
 * What the driver and the process of one run tell each other, in the order in which it happens. The process closes the channel
 * after its last message; an open channel would keep it alive.
 */
import type { RunSpec } from '../config/run-spec.ts';
import type { PhaseProgress } from '../report/phases.ts';
import type { Cluster } from './order-socket.ts';

/** Driver to run process, once: make this run. */
export interface RunMessage {
  /** Discriminates the messages. */
  readonly type: 'run';
  /** What to run. */
  readonly spec: RunSpec;
  /** The folder to write to; it exists, and holds run.json. */
  readonly directory: string;
  /** From when on this file exists progress holds samples; absent when nobody can watch. */
  readonly watchedFile?: string;
  /** The processes that take part, where they are started by somebody else. */
  readonly cluster?: Cluster;
}

/** Run process to driver, a few times per second: how far it is. */
export interface ProgressMessage extends PhaseProgress {
  /** Discriminates the messages. */
  readonly type: 'progress';
}

/** The order-independent digest of a run's outputs. */
export interface OutputDigest {
  /** Outputs counted. */
  readonly records: number;
  /** Their digest. */
  readonly sum: string;
}

/** Run process to driver, last: every file is written. */
export interface DoneMessage {
  /** Discriminates the messages. */
  readonly type: 'done';
  /** The digest of the run's outputs. */
  readonly digest: OutputDigest;
}

/** Run process to driver, last: the run cannot be finished. */
export interface FailedMessage {
  /** Discriminates the messages. */
  readonly type: 'failed';
  /** The error's message. */
  readonly message: string;
  /** The error's stack, the message included. */
  readonly stack: string;
}

/** Everything that a run process says. */
export type ChildMessage = ProgressMessage | DoneMessage | FailedMessage;
