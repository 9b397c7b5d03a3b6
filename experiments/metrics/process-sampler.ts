/**
 * What the operating system did to a run: memory, page faults, time on a processor and time spent waiting for one. With
 * it a spike of the machine can be told from a spike of the system.
 *
 * The scheduler's accounts are Linux's (/proc); elsewhere they are zeros, and the sampler says so once.
 */
import { readFileSync } from 'node:fs';
import type { MemoryRow, SchedulerRow } from '../results/rows.ts';

/** Where samples come from; tests put their own in place. */
export interface ProcessReaders {
  /** Resident set size of the process in bytes. */
  rssBytes(): number;
  /** Page faults since the process started, of all its threads. */
  pageFaults(): { readonly minorPageFault: number; readonly majorPageFault: number };
  /** Text of a file below /proc; throws when there is none. */
  readProc(path: string): string;
}

/** The readers of this process. */
const thisProcess: ProcessReaders = {
  rssBytes: () => process.memoryUsage.rss(),
  pageFaults: () => process.resourceUsage(),
  readProc: (path) => readFileSync(path, 'latin1'),
};

/** Milliseconds per unit of /proc/stat: Linux reports there in hundredths of a second whatever its own clock is. */
const STAT_UNIT_MS = 10;

/** Time that a thread has had since it started. */
interface ThreadTimes {
  readonly onCpuNs: number;
  readonly waitNs: number;
}

/** A thread whose account is followed. */
interface WatchedThread {
  readonly worker: number;
  readonly path: string;
  times: ThreadTimes;
}

/** Takes samples of one process. One thread calls it; a sample costs a few tens of microseconds per thread. */
export class ProcessSampler {
  readonly #onMissing: (message: string) => void;
  readonly #readers: ProcessReaders;
  readonly #threads: WatchedThread[] = [];
  #stealMs = 0;
  #said = false;

  /** A sampler that watches no thread yet. `onMissing` is called once at most, with a sentence for the user. */
  constructor(onMissing: (message: string) => void, readers: ProcessReaders = thisProcess) {
    this.#onMissing = onMissing;
    this.#readers = readers;
  }

  /** Follows the thread (`currentThreadId`) of a worker from now on; an undefined thread is reported as missing. */
  watch(worker: number, threadId: number | undefined): void {
    if (threadId === undefined) {
      this.#missing('the number of a worker thread is unknown');
      return;
    }
    const path = `/proc/self/task/${threadId}/schedstat`;
    this.#threads.push({ worker, path, times: this.#readTimes(path) ?? { onCpuNs: 0, waitNs: 0 } });
  }

  /** Starts the first epoch: the next `schedulerRows` counts from here. */
  start(): void {
    this.schedulerRows(0);
  }

  /** One row per watched thread, in the order of watching: what happened since the previous call, as `epoch`. */
  schedulerRows(epoch: number): SchedulerRow[] {
    const stealMs = this.#readStealMs() ?? this.#stealMs;
    const stolenMs = Math.max(0, stealMs - this.#stealMs);
    this.#stealMs = stealMs;
    return this.#threads.map((thread) => {
      const before = thread.times;
      // A thread that has ended keeps its last account.
      thread.times = this.#readTimes(thread.path) ?? before;
      return {
        epoch,
        worker: thread.worker,
        onCpuNs: thread.times.onCpuNs - before.onCpuNs,
        runQueueWaitNs: thread.times.waitNs - before.waitNs,
        stealMs: stolenMs,
      };
    });
  }

  /** A sample of the process's memory at `timeS`, with what the caller knows of the state in it. */
  memoryRow(timeS: number, stateBytes: number, queuedBytes: number): MemoryRow {
    const { minorPageFault, majorPageFault } = this.#readers.pageFaults();
    return {
      timeS,
      rssBytes: this.#readers.rssBytes(),
      stateBytes,
      queuedBytes,
      minorFaults: minorPageFault,
      majorFaults: majorPageFault,
    };
  }

  /** The file holds nanoseconds on a processor, nanoseconds of waiting for one, and a number of time slices. */
  #readTimes(path: string): ThreadTimes | undefined {
    const [onCpuNs, waitNs] = this.#readNumbers(path, /^(\d+) (\d+) \d+/) ?? [];
    return onCpuNs === undefined || waitNs === undefined ? undefined : { onCpuNs, waitNs };
  }

  /** The eighth number of the machine's line is the time that a hypervisor gave to others. */
  #readStealMs(): number | undefined {
    const [steal] = this.#readNumbers('/proc/stat', /^cpu +(?:\d+ ){7}(\d+)/m) ?? [];
    return steal === undefined ? undefined : steal * STAT_UNIT_MS;
  }

  #readNumbers(path: string, pattern: RegExp): number[] | undefined {
    let found: RegExpExecArray | null = null;
    try {
      found = pattern.exec(this.#readers.readProc(path));
    } catch {
      // Reported below, like a file of another form.
    }
    if (found === null) {
      this.#missing(`${path} cannot be read`);
      return undefined;
    }
    return found.slice(1).map(Number);
  }

  #missing(what: string): void {
    if (!this.#said) {
      this.#said = true;
      this.#onMissing(`${what}: scheduler.csv will lack the scheduler's delays`);
    }
  }
}
