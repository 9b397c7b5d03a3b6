/**
 * Where a sweep tells how far it is: a file beside the runs of its experiment, in which the process that makes the runs writes a line of JSON
 * whenever something happens (see report/live-lines.ts). It is removed when the sweep is over.
 *
 *   .live.<process>.<random>.ndjson
 */
import { randomBytes } from 'node:crypto';

/** A new name for the file of a sweep that this process makes. */
export function liveFileName(): string {
  return `.live.${process.pid}.${randomBytes(4).toString('hex')}.ndjson`;
}

/** The number of the process whose sweep a file tells of, by its name; undefined for another name. */
export function liveProcessOf(name: string): number | undefined {
  const [, processId] = /^\.live\.(\d+)\.[0-9a-f]+\.ndjson$/u.exec(name) ?? [];
  return processId === undefined ? undefined : Number(processId);
}
