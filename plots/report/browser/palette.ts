/** Colours of the panels, light and dark; series after Okabe and Ito. */

/** Colours of a panel. */
export interface Palette {
  /** One per run, from the first again where there are more runs. */
  readonly series: readonly string[];
  /** Axes and their labels. */
  readonly text: string;
  /** Lines of the grid. */
  readonly grid: string;
  /** The time from a migration's first step to its last. */
  readonly migration: string;
  /** The target line. */
  readonly target: string;
  /** Epochs in which a worker waited for a processor. */
  readonly wait: string;
  /** Epochs in which other machines took processors. */
  readonly steal: string;
  /** Garbage collections. */
  readonly collection: string;
  /** Behind lanes. */
  readonly lane: string;
}

const light: Palette = {
  series: ['#1a1a1a', '#0072b2', '#d55e00', '#00805f', '#b0508a', '#946800', '#2f8fc4', '#7b3294'],
  text: '#3a3a3a',
  grid: '#e4e4e4',
  migration: 'rgba(220, 170, 40, 0.28)',
  target: '#c00020',
  wait: '#7b3294',
  steal: '#d55e00',
  collection: '#008b6b',
  lane: '#f3f3f3',
};

const dark: Palette = {
  series: ['#f0f0f0', '#56b4e9', '#ff9a4d', '#35c79e', '#e59ac4', '#e6b93c', '#9ad0f5', '#c39bd8'],
  text: '#c8c8c8',
  grid: '#3a3a3a',
  migration: 'rgba(220, 180, 70, 0.25)',
  target: '#ff6b7a',
  wait: '#c39bd8',
  steal: '#ff9a4d',
  collection: '#35c79e',
  lane: '#262626',
};

/** Whether the page is dark: by its switch, or else by what the system prefers. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

/** The colours at present. */
export function palette(): Palette {
  return isDark() ? dark : light;
}

/** The colour of a run by its place. */
export function seriesColour(index: number): string {
  const { series, text } = palette();
  return series[index % series.length] ?? text;
}
