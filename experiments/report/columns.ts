/** Text in aligned columns. */

/** A column: its heading and on which side its cells are aligned. */
export interface Column {
  /** Heading. */
  readonly heading: string;
  /** Numbers are aligned at their end. */
  readonly align: 'left' | 'right';
  /** Whether it may be left out when there is no room; the last such column goes first. */
  readonly optional?: boolean;
}

const GAP = '  ';

/** Columns are left out rather than the first one cut to less than this. */
const NAME_WIDTH = 30;

/**
 * Lines of a table, heading first. Rows hold one cell per column. When the lines would be longer than `width`, optional columns are
 * left out, which a last line says; when that is not enough, the cells of the first column are cut.
 */
export function alignColumns(columns: readonly Column[], rows: readonly (readonly string[])[], width = 120): string[] {
  const widths = columns.map(({ heading }, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
  );
  let shown = columns.map((_, column) => column);
  const othersWidth = (): number => shown.slice(1).reduce((sum, column) => sum + GAP.length + widths[column]!, 0);
  while (Math.min(widths[0]!, NAME_WIDTH) + othersWidth() > width) {
    const last = shown.findLast((column) => column > 0 && columns[column]!.optional === true);
    if (last === undefined) break;
    shown = shown.filter((column) => column !== last);
  }
  widths[0] = Math.max(8, Math.min(widths[0] ?? 0, width - othersWidth()));
  const line = (cells: readonly string[]): string =>
    shown
      .map((column) => {
        const room = widths[column] ?? 0;
        const cell = cells[column] ?? '';
        const cut = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
        return columns[column]!.align === 'left' ? cut.padEnd(room) : cut.padStart(room);
      })
      .join(GAP)
      .trimEnd();
  const lines = [line(columns.map(({ heading }) => heading)), ...rows.map(line)];
  const left = columns.filter((_, column) => !shown.includes(column)).map(({ heading }) => heading);
  if (left.length > 0) lines.push(`(no room for: ${left.join(', ')})`);
  return lines;
}
