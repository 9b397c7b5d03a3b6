/** The process that `inOwnProcess` starts: one call, one answer. */
import type { CallMessage, ReturnMessage } from './own-process.ts';

type Callable = (...args: readonly unknown[]) => unknown;

async function answer({ module, name, args }: CallMessage): Promise<ReturnMessage> {
  try {
    const exported = (await import(module)) as Record<string, Callable>;
    return { value: await exported[name]!(...args) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.once('message', (message) => {
  void answer(message as CallMessage).then((answered) => process.send!(answered, () => process.disconnect()));
});
