/** Runs a function of a module in a process of its own, so that what is compared shares neither compiled code nor memory. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RUN_FLAGS } from '../run/run-flags.ts';

/** From parent to child: what to call. */
export interface CallMessage {
  /** URL of the module. */
  readonly module: string;
  /** Name of the exported function. */
  readonly name: string;
  /** Its arguments: numbers, text, and objects of them. */
  readonly args: readonly unknown[];
}

/** From child to parent: what it returned, or why it did not. */
export type ReturnMessage = { readonly value: unknown } | { readonly error: string };

/**
 * Calls `name` of `module` with `args` in a new process of this Node, which ends before the promise does; with the flags of
 * a run's process by default.
 *
 * @throws {Error} when the function does, or the process ends without an answer.
 */
export function inOwnProcess<R>(
  module: URL,
  name: string,
  args: readonly unknown[],
  flags: readonly string[] = RUN_FLAGS,
): Promise<Awaited<R>> {
  const program = fileURLToPath(new URL('./own-process-main.ts', import.meta.url));
  const child = fork(program, [], { execArgv: [...flags] });
  let answer: ReturnMessage | undefined;
  child.on('message', (message) => (answer = message as ReturnMessage));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (answer === undefined) reject(new Error(`${name}: the process ended with exit code ${code}`));
      else if ('error' in answer) reject(new Error(`${name}: ${answer.error}`));
      else resolve(answer.value as Awaited<R>);
    });
    const message: CallMessage = { module: module.href, name, args };
    child.send(message);
  });
}
