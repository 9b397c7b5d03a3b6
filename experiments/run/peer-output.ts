/**
 * What a process writes on its standard output where it has no other channel to the first: signs of life, a line when it is ready, another one
 * when it is done or has failed, and then its report as `v8.serialize` writes it. What a shell says before (a greeting, say) is left out.
 */
import { deserialize, serialize } from 'node:v8';
import type { PeerReport } from './peer-channels.ts';
import { Silence } from './signs-of-life.ts';

const READY = '\nmegaphone: ready\n';
const REPORT = '\nmegaphone: report\n';

/** The line that says that a process is ready. */
export const READY_LINE: string = READY;

/** The bytes of a report. */
export function reportBytes(report: PeerReport): Buffer {
  return Buffer.concat([Buffer.from(REPORT), serialize(report)]);
}

/** Takes in the output of a process. */
export class PeerOutput {
  readonly #chunks: Buffer[] = [];
  readonly #ready = Promise.withResolvers<void>();
  readonly #silent = Promise.withResolvers<void>();
  /** Once it is ready. */
  #silence: Silence | undefined;

  /** Settles when the process has said that it is ready. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Settles when it was ready, and has said nothing for too long; never when it has ended before. */
  get silent(): Promise<void> {
    return this.#silent.promise;
  }

  /** Takes the next bytes. */
  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#silence?.heard();
    if (this.isReady || !Buffer.concat(this.#chunks).includes(READY)) return;
    this.#silence = new Silence(() => this.#silent.resolve());
    this.#ready.resolve();
  }

  /** Nothing follows. */
  end(): void {
    this.#silence?.end();
  }

  /** Whether it was ready. */
  get isReady(): boolean {
    return this.#silence !== undefined;
  }

  /** The report, when all bytes are there; undefined when there is none, or not all of it. */
  report(): PeerReport | undefined {
    const bytes = Buffer.concat(this.#chunks);
    const at = bytes.indexOf(REPORT);
    if (at < 0) return undefined;
    try {
      return deserialize(bytes.subarray(at + REPORT.length)) as PeerReport;
    } catch {
      return undefined;
    }
  }
}
