/**
 * Clicks are joined with the impressions of the last 50 ms, by advertisement. An impression is removed by a pending entry
 * when its window has passed; entries move along with their bins, as the state does.
 *
 *     node windowed-join.ts
 */
import { isMainThread } from 'node:worker_threads';
import { CLOSED, inspect, Schema, type Scope, source, type Stream, timestampOf } from 'megaphone-engine';
import { binary, type Bins, controlStream, type HashedBinning, HashTable } from 'megaphone-engine/migration';
import { balanced } from 'megaphone-engine/planning';
import { launch, type ProgramHandle } from 'megaphone-engine/runtime';

/** Ticks of a microsecond. */
const [WINDOW, END, ADS] = [50_000, 500_000, 400];

const [adSchema, matchSchema] = [new Schema({ ad: 'float64', tick: 'float64' }), new Schema({ delay: 'float64' })];
type Ads = Stream<(typeof adSchema)['columns']>;

/** An advertisement every `interval` ticks: event n is about that of impression `impressionOf(n)`. */
function events(scope: Scope, name: string, interval: number, impressionOf: (n: number) => number): Ads {
  return source(scope, name, adSchema, (output) => {
    let n = scope.worker;
    return {
      step(now, paused) {
        for (; !paused && n * interval < END && timestampOf(n * interval) <= now; n += scope.peers) {
          const row = output.at(timestampOf(n * interval)).append();
          output.columns.ad[row] = (impressionOf(n) * 7) % ADS;
          output.columns.tick[row] = n * interval;
        }
        return n * interval < END ? timestampOf(n * interval) : CLOSED;
      },
    };
  });
}

/** The delays of all matches of this worker, in ticks. */
export function joinWindows(scope: Scope): ProgramHandle<number[]> {
  const initial = balanced(4, scope.peers);
  const driver = () => ({ step: (now: number) => (now < timestampOf(END) ? timestampOf(END) : CLOSED) });
  const control = controlStream(scope, { binShift: 4, initial, lookaheadTicks: 250, driver });
  const impressions = events(scope, 'impressions', 250, (n) => n);
  // The click after n milliseconds is on what was shown up to 75 ms before.
  const clicks = events(scope, 'clicks', 1000, (n) => Math.max(0, 4 * n - (n % 300)));
  const state = (bins: Bins<HashedBinning>) => ({ shown: new HashTable(bins, 1) });
  const options = { name: 'join', state, output: matchSchema };
  const matches = binary(impressions, clicks, ['ad', 'ad'], control, options, (context) => {
    const { output, notificator } = context;
    const { shown } = context.state;
    return {
      onLeft({ columns, length }) {
        for (let i = 0; i < length; i++) {
          shown.set(shown.insert(columns.ad[i]!), 0, columns.tick[i]!);
          notificator.notifyAt(timestampOf(columns.tick[i]! + WINDOW), columns.ad[i]!, columns.tick[i]!);
        }
      },
      onRight({ columns, length }) {
        for (let i = 0; i < length; i++) {
          const row = shown.find(columns.ad[i]!);
          if (row < 0) continue;
          const out = output.append(); // first, as it may replace the columns
          output.columns.delay[out] = columns.tick[i]! - shown.get(row, 0);
        }
      },
      onPending(_time, ad, tick) {
        const row = shown.find(ad);
        if (row >= 0 && shown.get(row, 0) === tick) shown.delete(ad); // not shown again since
      },
    };
  });
  const delays: number[] = [];
  inspect(matches.stream, ({ columns, length }) => delays.push(...columns.delay.subarray(0, length)));
  return { result: () => delays };
}

if (isMainThread) {
  const run = launch<number[]>({ module: new URL(import.meta.url), program: 'joinWindows', args: null, peers: 2 });
  const delays = (await run.results).flat();
  process.stdout.write(`${delays.length} clicks matched, at most ${Math.max(...delays) / 1000} ms after the ad\n`);
}
