/**
 * Words are counted on two worker threads, in 16 bins. After half a second the bins of worker 1 move to worker 0, one after
 * the other, while the counting goes on.
 *
 *     node word-count.ts
 */
import { isMainThread } from 'node:worker_threads';
import { CLOSED, inspect, probe, Schema, type Scope, source, timestampOf } from 'megaphone-engine';
import { controlStream, fold } from 'megaphone-engine/migration';
import { balanced, Controller, oneWorker, planMigration } from 'megaphone-engine/planning';
import { launch, type ProgramHandle } from 'megaphone-engine/runtime';

const BIN_SHIFT = 4;
/** Ticks of a microsecond. */
const END = 1_000_000;
/** Ticks between two words of a worker. */
const INTERVAL = 100;

const wordSchema = new Schema({ word: 'int32' });

/** What a worker brings home. */
export interface Counted {
  /** Words that this worker has counted. */
  readonly counted: number;
  /** The highest count that it has seen. */
  readonly highest: number;
  /** Bins that have left it. */
  readonly left: number;
}

/** Builds the same graph on every worker. */
export function countWords(scope: Scope): ProgramHandle<Counted> {
  const words = source(scope, 'words', wordSchema, (output) => {
    let tick = 0;
    return {
      step(now, paused) {
        for (; !paused && tick < END && timestampOf(tick) <= now; tick += INTERVAL) {
          const row = output.at(timestampOf(tick)).append();
          output.columns.word[row] = (tick / INTERVAL) % 1000;
        }
        return tick < END ? timestampOf(tick) : CLOSED; // nothing earlier will come
      },
    };
  });

  // The handle comes first: the controller waits for what it will observe.
  const counted = scope.probe();
  const from = balanced(BIN_SHIFT, scope.peers);
  const plan = planMigration(from, oneWorker(BIN_SHIFT, scope.peers, 0), { name: 'fluid', gapTicks: 0 });
  const controller = new Controller({ script: [{ atTick: END / 2, plan }], probe: counted, endTick: END });
  const control = controlStream(scope, {
    binShift: BIN_SHIFT,
    initial: from,
    lookaheadTicks: 250,
    driver: () => controller,
  });

  const counts = fold(words, { key: 'word' }, control, 'count', (_word, _one, count) => count + 1);
  probe(counts.stream, counted);

  const result = { counted: 0, highest: 0, left: 0 };
  inspect(counts.stream, ({ columns, length }) => {
    result.counted += length;
    for (let row = 0; row < length; row++) result.highest = Math.max(result.highest, columns.state[row]!);
  });
  const left = (): number => counts.departures.reduce((sum, { bins }) => sum + bins, 0);
  return { result: () => ({ ...result, left: left() }) };
}

if (isMainThread) {
  const run = launch<Counted>({ module: new URL(import.meta.url), program: 'countWords', args: null, peers: 2 });
  for (const [worker, { counted, highest, left }] of (await run.results).entries()) {
    process.stdout.write(`worker ${worker}: ${counted} words counted, up to ${highest} times; ${left} bins left it\n`);
  }
}
