/** One of several processes of a test: runs a program with the others and sends the results of its workers to the test. */
import { launch, type LaunchOptions } from '../threads.ts';

/** What a process of a test is told. */
export interface ProcessOrder {
  /** Options of the launch; the module is `programs.ts`. */
  readonly options: Omit<LaunchOptions, 'module'>;
}

/** What it answers. */
export type ProcessReport =
  | { readonly type: 'started' }
  | { readonly type: 'note'; readonly line: string }
  | { readonly type: 'results'; readonly results: readonly unknown[] }
  | { readonly type: 'failed'; readonly message: string };

const report = (message: ProcessReport): void => void process.send!(message);

process.once('message', ({ options }: ProcessOrder) => {
  launch({
    ...options,
    module: new URL('./programs.ts', import.meta.url),
    onStarted: () => report({ type: 'started' }),
    onNote: (line) => report({ type: 'note', line }),
  }).results.then(
    (results) => process.send!({ type: 'results', results } satisfies ProcessReport, () => process.disconnect()),
    (error: Error) =>
      process.send!({ type: 'failed', message: error.message } satisfies ProcessReport, () => process.disconnect()),
  );
});
