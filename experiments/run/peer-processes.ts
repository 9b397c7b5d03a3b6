/** The other processes of a run: started, and ended, by its first process. */
import { createHash, randomBytes } from 'node:crypto';
import type { ProcessOptions } from 'megaphone-engine/runtime';
import { addressOf } from '../config/hosts.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { LiveShare } from '../metrics/live-sample.ts';
import { freePorts, LOOPBACK } from './free-ports.ts';
import type { Share } from './launch-share.ts';
import { type Cluster, connectOrders, type OrderSocket } from './order-socket.ts';
import { type PeerChannel, type PeerOrder, startHere, startOn } from './peer-channels.ts';
import { startOver } from './ssh-channel.ts';

/** How long processes wait for each other at the start. */
const CONNECT_MS = 30_000;

/** How long the process whose error is the cause is given to say it. */
const REASON_MS = 1000;

/** How the other processes on this machine are watched. */
export interface PeerWatch {
  /** From when on this file exists they tell of themselves. */
  readonly file: string;
  /** Given the index of a process, and what it tells of itself. */
  readonly onLive: (process: number, share: LiveShare) => void;
}

/** The processes with the index 1 and above. */
export class PeerProcesses {
  /** What the first process is. */
  readonly ownOptions: ProcessOptions;
  readonly #channels: readonly PeerChannel[];

  /**
   * Starts the other processes of a run, or reaches those of `cluster`, and waits until all are ready; undefined when it has a single one.
   *
   * @param watch - absent when nobody can watch
   * @throws {Error} when one of the cluster does not answer in time, one cannot take part, or the signal aborts before
   */
  static async start(
    spec: RunSpec,
    cluster: Cluster | undefined,
    signal: AbortSignal,
    watch?: PeerWatch,
  ): Promise<PeerProcesses | undefined> {
    const { processes, hosts } = spec.topology;
    if (processes === 1) return undefined;
    const addresses = hosts?.map(addressOf) ?? (await freePorts(processes)).map((port) => ({ host: LOOPBACK, port }));
    const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex');
    const token = cluster?.token ?? randomBytes(32).toString('hex');
    const sockets = cluster === undefined ? undefined : await connectAll(cluster, signal);
    const others = new PeerProcesses(
      spec,
      { index: 0, addresses, token, digest, connectMs: CONNECT_MS },
      sockets,
      watch,
    );
    try {
      await others.#allReady(signal);
    } catch (error) {
      others.end();
      throw error;
    }
    return others;
  }

  private constructor(
    spec: RunSpec,
    own: ProcessOptions,
    sockets: readonly OrderSocket[] | undefined,
    watch: PeerWatch | undefined,
  ) {
    this.ownOptions = own;
    const { hosts } = spec.topology;
    this.#channels = own.addresses.slice(1).map((_, at): PeerChannel => {
      const isHere = sockets === undefined && hosts === undefined;
      const order: PeerOrder = {
        spec,
        processes: { ...own, index: at + 1 },
        ...(isHere && watch && { watchedFile: watch.file }),
      };
      if (sockets !== undefined) return startOn(sockets[at]!, order);
      return hosts === undefined
        ? startHere(order, (share) => watch?.onLive(at + 1, share))
        : startOver(hosts[at + 1]!.split(':', 1)[0]!, order);
    });
    // They are awaited when the run of the first process has ended.
    for (const { report } of this.#channels) report.catch(() => undefined);
  }

  /**
   * What all processes bring home, in their order, when `own` is what the first does.
   *
   * @throws {Error} the error of the process that failed first
   */
  async withShares(own: Promise<Share>): Promise<Share[]> {
    own.catch(() => undefined);
    let first: Share;
    try {
      // A process that could not be started is not waited for.
      first = await Promise.race([own, this.#firstFault()]);
    } catch (error) {
      // The first process may only know that another one stopped; that one knows why.
      const late = new Promise<never>((_, reject) => setTimeout(() => reject(error as Error), REASON_MS));
      return await Promise.race([late, this.#firstFault()]);
    }
    return [first, ...(await Promise.all(this.#channels.map(({ report }) => report)))];
  }

  /** Ends what is left of them. */
  end(): void {
    for (const channel of this.#channels) channel.end();
  }

  /** They may have to build first: how long that takes is not known. */
  async #allReady(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const refuse = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', refuse);
    if (signal.aborted) refuse();
    const ready = Promise.all(this.#channels.map((channel) => channel.ready));
    const ended = Promise.all(this.#channels.map((channel) => channel.report));
    await Promise.race([ready, ended, aborted.promise]);
    signal.removeEventListener('abort', refuse);
  }

  /** Rejects with the error of a process that did not stop because of another one; never settles otherwise. */
  #firstFault(): Promise<never> {
    return new Promise((_, reject) => {
      for (const { report } of this.#channels) {
        report.catch((error: Error) => {
          if (!/^process \d+ (?:stopped|was lost)/u.test(error.message)) reject(error);
        });
      }
    });
  }
}

/** Connections to all other processes of a cluster. None is given an order before: by then their addresses are free for links. */
async function connectAll(cluster: Cluster, signal: AbortSignal): Promise<OrderSocket[]> {
  const connecting = cluster.addresses.slice(1).map((_, at) => connectOrders(cluster, at + 1, signal));
  try {
    return await Promise.all(connecting);
  } catch (error) {
    for (const socket of connecting) void socket.then((made) => made.socket.destroy()).catch(() => undefined);
    throw error;
  }
}
