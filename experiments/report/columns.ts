/** Text in aligned columns. */

/** A column: its heading and on which side its cells are aligned. */
export interface Column {
  /** Heading. */
  readonly heading: string;
  /** Numbers are aligned at their end. */
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/**
 * Lines of a table, heading first. Rows hold one cell per column; when the lines would be longer than `width`, the cells of the
 * first column are cut.
 */
export function alignColumns(columns: readonly Column[], rows: readonly (readonly string[])[], width = 120): string[] {
  const widths = columns.map(({ heading }, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const others = widths.slice(1).reduce((sum, each) => sum + GAP.length + each, 0);
  widths[0] = Math.max(8, Math.min(widths[0] ?? 0, width - others));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, column) => {
        const room = widths[column] ?? 0;
        const cell = cells[column] ?? '';
        const cut = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
        return align === 'left' ? cut.padEnd(room) : cut.padStart(room);
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), ...rows.map(line)];
}
