/**
 * Writes a report: `node plots/draw-report.ts report.html results other/results` reads the runs of the folders and writes one HTML file
 * (see report/page.ts), whose path is printed. On the standard error: a line about each run that cannot be read, and about what the
 * report lacks. Exit codes: 0 written, 1 a chart failed, 2 a folder cannot be read.
 */
import { writeFileSync } from 'node:fs';
import { ResultsError } from '../experiments/results/results-error.ts';
import { drawables } from '../experiments/results/results-folder.ts';
import { ChartError } from './render.ts';
import { reportPage } from './report/page.ts';

const [file = 'report.html', ...folders] = process.argv.slice(2);
const onNote = (line: string): void => console.error(line);
try {
  const results = folders.map((name) => ({ name, found: drawables(name, onNote, undefined, 'without distributions') }));
  const command = `npx megaphone report ${folders.join(' ')}${file === 'report.html' ? '' : ` --out ${file}`}`;
  writeFileSync(file, await reportPage({ results, command, madeAt: new Date(), onNote }));
  console.log(file);
} catch (error) {
  if (!(error instanceof ResultsError || error instanceof ChartError || (error instanceof Error && 'syscall' in error)))
    throw error;
  console.error(error.message.replaceAll('\n', ' '));
  process.exitCode = error instanceof ResultsError ? 2 : 1;
}
