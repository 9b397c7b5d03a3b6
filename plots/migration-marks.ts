/** Marks of migrations behind a chart over time: a shaded band per migration, a rule at its start, and a label above. */
import type { MigrationRow } from '../experiments/results/rows.ts';
import { textWidth } from './text-width.ts';
import { colours, fontSizes } from './theme.ts';

/** Text above the frame. */
const labelMark = { type: 'text', color: colours.rule, fontSize: fontSizes.label, baseline: 'bottom', y: -4 } as const;

/** When a migration took place. */
export interface MigrationSpan {
  /** `migration 1`: numbers start at one. */
  readonly label: string;
  /** The first step was issued. */
  readonly fromS: number;
  /** The last step was completed. */
  readonly toS: number;
}

/** The migrations of a run from their steps, in order. */
export function migrationSpans(steps: readonly MigrationRow[]): MigrationSpan[] {
  const spans = new Map<number, MigrationSpan>();
  for (const { migration, issuedS, completedS } of steps) {
    const span = spans.get(migration);
    spans.set(migration, {
      label: `migration ${migration + 1}`,
      fromS: Math.min(issuedS, span?.fromS ?? issuedS),
      toS: Math.max(completedS, span?.toS ?? completedS),
    });
  }
  return [...spans.entries()].sort(([a], [b]) => a - b).map(([, span]) => span);
}

/**
 * The layers that mark a run's migrations; none when it has none. The x field is in seconds.
 *
 * @param pxPerS horizontal scale, by which labels that would run into each other are shortened to their numbers
 */
export function migrationMarks(steps: readonly MigrationRow[], pxPerS: number) {
  const spans = migrationSpans(steps);
  if (spans.length === 0) return [];
  const middle = ({ fromS, toS }: MigrationSpan): number => (fromS + toS) / 2;
  const tight = spans.some(({ label }, index) => {
    const next = spans[index + 1];
    const here = spans[index];
    return (
      next !== undefined &&
      here !== undefined &&
      (middle(next) - middle(here)) * pxPerS < textWidth(label, fontSizes.label) + 8
    );
  });
  const values = spans.map((span, index) => ({
    ...span,
    middleS: middle(span),
    label: tight ? String(index + 1) : span.label,
  }));
  const from = { field: 'fromS', type: 'quantitative' } as const;
  return [
    {
      data: { values },
      mark: { type: 'rect', color: colours.migration, opacity: 0.75, clip: true },
      encoding: { x: from, x2: { field: 'toS' } },
    },
    {
      data: { values },
      mark: { type: 'rule', color: colours.rule, strokeWidth: 0.8, clip: true },
      encoding: { x: from },
    },
    {
      data: { values },
      mark: labelMark,
      encoding: { x: { field: 'middleS', type: 'quantitative' }, text: { field: 'label' } },
    },
  ] as const;
}

/** The band of one migration, its times in milliseconds. */
export function migrationBand(span: { readonly fromMs: number; readonly toMs: number }) {
  const from = { field: 'fromMs', type: 'quantitative' } as const;
  return [
    {
      data: { values: [span] },
      mark: { type: 'rect', color: colours.migration, opacity: 0.75, clip: true },
      encoding: { x: from, x2: { field: 'toMs' } },
    },
    {
      data: { values: [span] },
      mark: { type: 'rule', color: colours.rule, strokeWidth: 0.8, clip: true },
      encoding: { x: from },
    },
  ] as const;
}

/** An unseen label: a panel without migrations gets the height, and so its title the place, of those beside it that have some. */
export function labelSpace() {
  return [{ data: { values: [{}] }, mark: { ...labelMark, text: 'migration', opacity: 0 } }] as const;
}
