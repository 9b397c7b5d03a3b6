/** The charts of one run. */
import { formatBytes, formatLatency, formatShortCount } from '../../../experiments/config/quantity.ts';
import { latencyScale } from '../../report/browser/chart.ts';
import { bandsOf, type Moment, type RunView } from '../sweep-view.ts';
import { type ChartData, LiveChart } from './live-chart.ts';

const EPOCH_S = 0.25;

/** From zero to a little more than the highest value, and at least to `least`. */
const fromZero = (least: number) => ({
  range: (_: unknown, _min: number | null, max: number | null): [number, number] => [
    0,
    Math.max(least, (max ?? 0) * 1.08),
  ],
});

const perSecond = (value: number): string =>
  value === 0 ? '0' : `${formatShortCount(Number(value.toPrecision(3)))}/s`;

/** Distances between the marks of an axis of bytes: powers of two. */
const BYTE_STEPS = Array.from({ length: 30 }, (_, power) => 2 ** (power + 15));

/** Latency, throughput, what waits, and memory. */
export class RunCharts {
  readonly #latency: LiveChart;
  readonly #throughput: LiveChart;
  readonly #behind: LiveChart;
  readonly #memory: LiveChart;

  /** Adds the charts to their place. */
  constructor(place: HTMLElement) {
    this.#latency = new LiveChart(place, {
      title: 'Latency per epoch of 250 ms',
      lines: [
        { label: 'maximum', colour: 0, dash: [] },
        { label: 'p99', colour: 2, dash: [] },
        { label: 'p50', colour: 1, dash: [] },
      ],
      scale: latencyScale('log'),
      format: formatLatency,
      isLatency: true,
      isStepped: true,
    });
    this.#throughput = new LiveChart(place, {
      title: 'Throughput',
      lines: [
        { label: 'sent', colour: 1, dash: [] },
        { label: 'offered', colour: 0, dash: [5, 4] },
      ],
      scale: fromZero(1),
      format: perSecond,
    });
    this.#behind = new LiveChart(place, {
      title: 'Behind schedule: how long the oldest record has waited',
      lines: [{ label: 'waiting', colour: 2, dash: [] }],
      scale: fromZero(0.01),
      format: (seconds) => (seconds === 0 ? '0' : formatLatency(seconds * 1e9)),
    });
    this.#memory = new LiveChart(place, {
      title: 'Resident memory',
      lines: [{ label: 'resident set', colour: 3, dash: [] }],
      scale: fromZero(2 ** 20),
      format: (bytes) => (bytes === 0 ? '0' : formatBytes(bytes)),
      steps: BYTE_STEPS,
    });
  }

  /** Draws what is known of a run. */
  draw(run: RunView): void {
    const { epochs, moments } = run;
    const nowS = moments.at(-1)?.timeS ?? 0;
    const shared = { bands: bandsOf(run), durationS: Math.max(run.head.durationS, nowS), nowS };
    const ofMoments = (...values: ((moment: Moment) => number)[]): ChartData => ({
      ...shared,
      timesS: moments.map(({ timeS }) => timeS),
      values: values.map((value) => moments.map(value)),
    });
    // The last epoch holds until its end; a latency below a nanosecond has no logarithm.
    const held = epochs.length === 0 ? [] : [...epochs, { ...epochs.at(-1)!, epoch: epochs.at(-1)!.epoch + 1 }];
    this.#latency.draw({
      ...shared,
      timesS: held.map(({ epoch }) => epoch * EPOCH_S),
      values: [held.map(({ maxNs }) => maxNs), held.map(({ p99Ns }) => p99Ns), held.map(({ p50Ns }) => p50Ns)].map(
        (line) => line.map((ns) => Math.max(1, ns)),
      ),
    });
    this.#throughput.draw(
      ofMoments(
        ({ sentPerSecond }) => sentPerSecond,
        ({ offeredPerSecond }) => offeredPerSecond,
      ),
    );
    this.#behind.draw(ofMoments(({ behindS }) => behindS));
    this.#memory.draw(ofMoments(({ rssBytes }) => rssBytes));
  }

  /** Draws anew, in the colours of the present. */
  redraw(): void {
    for (const chart of this.#all()) chart.redraw();
  }

  /** Ends them. */
  remove(): void {
    for (const chart of this.#all()) chart.remove();
  }

  #all(): readonly LiveChart[] {
    return [this.#latency, this.#throughput, this.#behind, this.#memory];
  }
}
