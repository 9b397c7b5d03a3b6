/** A real sshd for tests: with its own keys and settings, on an address of the loopback, without a trace outside of its folder. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PORT = 2222;

/** Where root's sshd wants an empty folder. */
const EMPTY = '/run/sshd';

/** Programs of Debian that stand where not everybody looks. */
const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((file) => existsSync(file));

/** A server that runs. */
export interface Sshd {
  /**
   * A program that stands for ssh, and knows the server and a key of its own. What it is told to run is run by a shell command in whose
   * words it is `$SSH_ORIGINAL_COMMAND`.
   */
  readonly client: (name: string, command: string, options?: readonly string[]) => string;
  /** The server's process. */
  readonly process: ChildProcess;
}

/** Starts a server at an address; what it needs is in a folder. Returns why that does not work where it does not. */
export async function startSshd(folder: string, address: string): Promise<Sshd | string> {
  const keygen = (file: string): boolean =>
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]).status === 0;
  const [hostKey, accepted, known] = ['host-key', 'accepted', 'known'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  if (SSHD === undefined || !keygen(hostKey)) return 'needs sshd and ssh-keygen (openssh-server), which are not found';
  writeFileSync(accepted, '', { mode: 0o600 });
  writeFileSync(known, `[${address}]:${PORT} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  const settings = join(folder, 'sshd_config');
  const lines = [
    `ListenAddress ${address}:${PORT}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${accepted}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
  ];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const server = [SSHD, '-D', '-e', '-f', settings];
  // In a mount namespace of its own, in which the folder is there.
  const made = `mount -t tmpfs tmpfs /run && mkdir ${EMPTY} && exec "$@"`;
  const isMissing = process.getuid?.() === 0 && !existsSync(EMPTY);
  const [program = '', ...args] = isMissing ? ['unshare', '--mount', 'sh', '-c', made, 'sh', ...server] : server;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const output = createInterface({ input: child.stderr });
  let last = '';
  const ended = once(child, 'close').catch((error: Error) => (last = error.message));
  const listens = new Promise<true>((resolve) => {
    output.on('line', (line) => {
      last = line;
      if (line.startsWith('Server listening')) resolve(true);
    });
  });
  if ((await Promise.race([listens, ended])) !== true) return `sshd does not start here: ${last}`;
  const client = (name: string, command: string, options: readonly string[] = []): string => {
    const file = join(folder, name);
    const key = `${file}.key`;
    keygen(key);
    writeFileSync(
      accepted,
      `command="${command.replaceAll('"', String.raw`\"`)}" ${readFileSync(`${key}.pub`, 'utf8')}`,
      { flag: 'a' },
    );
    const own = [`Port=${PORT}`, `IdentityFile=${key}`, 'IdentitiesOnly=yes', `UserKnownHostsFile=${known}`];
    const words = [...options, ...own].map((option) => `-o ${option}`).join(' ');
    writeFileSync(file, `#!/bin/sh\nexec ssh -F none ${words} "$@"\n`, { mode: 0o755 });
    return file;
  };
  return { client, process: child };
}
