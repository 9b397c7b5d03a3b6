/** What the command line says about other processes: hosts, who starts them, and the secret that they share. */
import { readFileSync } from 'node:fs';
import { isLoopback } from 'megaphone-engine/runtime';
import { addressOf, isHost, MOST_HOSTS, readHostFile } from '../config/hosts.ts';
import { InputError } from '../config/input-error.ts';
import { quoted } from '../config/one-line.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { type Cluster, endCluster } from '../run/order-socket.ts';
import { UsageError } from './usage-error.ts';
import { durationNs, single } from './values.ts';

/** The variable of the environment that may hold the token. */
const TOKEN_VARIABLE = 'MEGAPHONE_TOKEN';

/** Fewer characters could be guessed. */
const LEAST_TOKEN = 16;

/**
 * How long processes are waited for after a run that was not made: those that are there are done with it a moment later, and one that was
 * lost does not answer.
 */
const SHORT_WAIT_MS = 1500;
/** How much longer a last attempt to reach one may take. */
const LAST_ATTEMPT_MS = 500;

const text = { type: 'string', requiresArg: true } as const;

/** Options about hosts. */
export const hostOptions = {
  hosts: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : hostList(single('hosts', value))),
    describe: 'a process on each of these hosts: node1,node2:7800,..',
  },
  'host-file': {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : readHostFile(single('host-file', value))),
    describe: 'the same, a host a line',
  },
} as const;

/** Options about processes that somebody else starts. */
export const joinOptions = {
  'token-file': {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : single('token-file', value)),
    defaultDescription: TOKEN_VARIABLE,
    describe: 'the secret that all processes share; none is needed on the loopback',
  },
  wait: {
    ...text,
    default: '10 min',
    coerce: (value: unknown) => durationNs('wait', value) / 1e6,
    describe: 'how long the others are waited for',
  },
} as const;

/** What was given of these options. */
export interface ClusterRequest {
  /** Hosts of the command line. */
  readonly hosts: readonly string[] | undefined;
  /** Whether the other processes are started by somebody else. */
  readonly join: boolean;
  /** The file with the token. */
  readonly tokenFile: string | undefined;
  /** How long the others are waited for. */
  readonly waitMs: number;
}

/** The hosts of one of the two options. */
export function hostsOf(hosts: readonly string[] | undefined, hostFile: readonly string[] | undefined) {
  if (hosts === undefined || hostFile === undefined) return hosts ?? hostFile;
  throw new UsageError('--hosts and --host-file exclude each other; expected one of them');
}

/** The settings of a config that say the same as the options. */
export function hostSettings({ hosts }: ClusterRequest): string[] {
  return hosts === undefined ? [] : [`topology.hosts=${JSON.stringify(hosts)}`];
}

/**
 * The processes of runs that are started by somebody else; undefined when the runs start their own.
 *
 * @throws {InputError} when they have no hosts, or other ones each, or a token is missing
 */
export function clusterOf(specs: readonly RunSpec[], request: ClusterRequest): Cluster | undefined {
  if (!request.join) return undefined;
  const lists = [...new Set(specs.map(({ topology }) => JSON.stringify(topology.hosts ?? [])))];
  const [hosts = []] = lists.map((list) => JSON.parse(list) as string[]);
  if (lists.length > 1) throw new UsageError('--join: the runs have different hosts; expected the same for all');
  if (hosts.length < 2) throw new UsageError('--join: there is nobody to join; expected two or more hosts (--hosts)');
  return clusterAt(hosts, request);
}

/**
 * The cluster with these hosts.
 *
 * @throws {InputError} when a token is missing, or too short
 */
export function clusterAt(
  hosts: readonly string[],
  { tokenFile, waitMs }: Pick<ClusterRequest, 'tokenFile' | 'waitMs'>,
): Cluster {
  const addresses = hosts.map(addressOf);
  const [where, token] =
    tokenFile === undefined ? [TOKEN_VARIABLE, process.env[TOKEN_VARIABLE] ?? ''] : [tokenFile, readToken(tokenFile)];
  const open = addresses.find(({ host }) => !isLoopback(host));
  if (open !== undefined && token === '') {
    throw new InputError(`${open.host} is not the loopback; expected a token, by --token-file or ${TOKEN_VARIABLE}`);
  }
  if (token !== '' && token.length < LEAST_TOKEN) {
    throw new InputError(`${where}: a token of ${token.length} characters; expected at least ${LEAST_TOKEN}`);
  }
  return { addresses, token, waitMs };
}

/** Tells the processes of a cluster that there are no more runs; `made` says whether the last one was made. */
export async function dismiss(cluster: Cluster | undefined, made: boolean): Promise<void> {
  if (cluster === undefined) return;
  const waitMs = made ? cluster.waitMs : Math.min(SHORT_WAIT_MS, cluster.waitMs);
  const untold = await endCluster({ ...cluster, waitMs }, AbortSignal.timeout(waitMs + LAST_ATTEMPT_MS));
  for (const line of untold) console.error(`megaphone: ${line}; it ends by itself when nobody comes`);
}

function hostList(list: string): string[] {
  const hosts = list.split(',').map((host) => host.trim());
  const bad = hosts.find((host) => !isHost(host));
  if (bad !== undefined) throw new UsageError(`--hosts: expected hosts such as node1,node2:7700, found ${quoted(bad)}`);
  if (hosts.length <= MOST_HOSTS) return hosts;
  throw new UsageError(`--hosts: ${hosts.length} hosts; expected at most ${MOST_HOSTS}`);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new InputError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
