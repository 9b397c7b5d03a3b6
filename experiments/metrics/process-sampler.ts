/**
 * What the operating system did to a run: memory, page faults, time on a processor and time spent waiting for one. With
 * it a spike of the machine can be told from a spike of the system.
 *
 * The scheduler's accounts are Linux's (/proc); elsewhere they are zeros, and the sampler says so once.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { MemoryRow, SchedulerRow } from '../results/rows.ts';

/** A file below /proc that stays open. */
export interface ProcFile {
  /** Its text of now, up to 4 KiB; throws when what it describes has ended. */
  read(): string;
  /** Closes it; it is not read afterwards. */
  close(): void;
}

/** Where samples come from; tests put their own in place. */
export interface ProcessReaders {
  /** Resident set size of the process in bytes. */
  rssBytes(): number;
  /** Page faults since the process started, of all its threads. */
  pageFaults(): { readonly minorPageFault: number; readonly majorPageFault: number };
  /** Text of a file below /proc; throws when there is none. */
  readProc(path: string): string;
  /** Opens a file below /proc that is read again and again; throws when there is none. */
  openProc(path: string): ProcFile;
  /** Names in a folder below /proc; throws when there is none. */
  listProc(path: string): readonly string[];
}

/** What the threads of the process other than its workers took. */
export interface OtherThreads {
  /** Time on a processor. */
  readonly onCpuNs: number;
  /** How many times one of them was given a processor. */
  readonly slices: number;
}

/** The readers of this process. */
const thisProcess: ProcessReaders = {
  rssBytes: () => process.memoryUsage.rss(),
  pageFaults: () => process.resourceUsage(),
  readProc: (path) => readFileSync(path, 'latin1'),
  openProc,
  listProc: (path) => readdirSync(path),
};

/** What is read of a file that stays open: a schedstat has some 30 bytes, and of /proc/stat the first line is wanted. */
const readBuffer = Buffer.alloc(4096);

function openProc(path: string): ProcFile {
  const file = openSync(path, 'r');
  return {
    read: () => readBuffer.toString('latin1', 0, readSync(file, readBuffer, 0, readBuffer.length, 0)),
    close: () => closeSync(file),
  };
}

/** The threads of this process. */
const TASKS = '/proc/self/task';

/** Milliseconds per unit of /proc/stat: Linux reports there in hundredths of a second whatever its own clock is. */
const STAT_UNIT_MS = 10;

/** Time that a thread has had since it started. */
interface ThreadTimes {
  readonly onCpuNs: number;
  readonly waitNs: number;
  readonly slices: number;
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
  readonly #watched = new Set<string>();
  /** Files that are read in every epoch, by path. */
  readonly #files = new Map<string, ProcFile>();
  /** Accounts of the other threads at the start, by thread id. */
  #othersBefore: ReadonlyMap<string, ThreadTimes> = new Map();
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
    const path = schedstatOf(threadId);
    this.#watched.add(String(threadId));
    this.#threads.push({ worker, path, times: this.#readTimes(path) ?? { onCpuNs: 0, waitNs: 0, slices: 0 } });
  }

  /** Starts the first epoch: the next `schedulerRows` counts from here. */
  start(): void {
    this.schedulerRows(0);
    this.#othersBefore = this.#otherTimes();
  }

  /**
   * What all threads that are not watched took since `start`. A thread that has ended since then is left out. Costs a few tens of microseconds per thread, so it is for the end of a run.
   */
  others(): OtherThreads {
    let onCpuNs = 0;
    let slices = 0;
    for (const [id, after] of this.#otherTimes()) {
      const before = this.#othersBefore.get(id);
      onCpuNs += after.onCpuNs - (before?.onCpuNs ?? 0);
      slices += after.slices - (before?.slices ?? 0);
    }
    return { onCpuNs, slices };
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

  /** Closes the files that were read; no samples are taken afterwards. */
  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #open(path: string): ProcFile {
    const file = this.#files.get(path) ?? this.#readers.openProc(path);
    this.#files.set(path, file);
    return file;
  }

  #readTimes(path: string): ThreadTimes | undefined {
    return parseTimes(this.#readNumbers(path, SCHEDSTAT));
  }

  #otherTimes(): Map<string, ThreadTimes> {
    const times = new Map<string, ThreadTimes>();
    for (const id of this.#taskIds()) {
      if (this.#watched.has(id)) continue;
      try {
        const found = SCHEDSTAT.exec(this.#readers.readProc(schedstatOf(id)));
        const parsed = parseTimes(found?.slice(1).map(Number));
        if (parsed !== undefined) times.set(id, parsed);
      } catch {
        // The thread has ended since its folder was listed.
      }
    }
    return times;
  }

  #taskIds(): readonly string[] {
    try {
      return this.#readers.listProc(TASKS);
    } catch {
      this.#missing(`${TASKS} cannot be read`);
      return [];
    }
  }

  /** The eighth number of the machine's line is the time that a hypervisor gave to others. */
  #readStealMs(): number | undefined {
    const [steal] = this.#readNumbers('/proc/stat', /^cpu +(?:\d+ ){7}(\d+)/m) ?? [];
    return steal === undefined ? undefined : steal * STAT_UNIT_MS;
  }

  #readNumbers(path: string, pattern: RegExp): number[] | undefined {
    let found: RegExpExecArray | null = null;
    try {
      found = pattern.exec(this.#open(path).read());
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

/** Nanoseconds on a processor, nanoseconds of waiting for one, and a number of time slices. */
const SCHEDSTAT = /^(\d+) (\d+) (\d+)/;

function parseTimes(numbers: readonly number[] | undefined): ThreadTimes | undefined {
  const [onCpuNs, waitNs, slices] = numbers ?? [];
  if (onCpuNs === undefined || waitNs === undefined || slices === undefined) return undefined;
  return { onCpuNs, waitNs, slices };
}

function schedstatOf(threadId: number | string): string {
  return `${TASKS}/${threadId}/schedstat`;
}
