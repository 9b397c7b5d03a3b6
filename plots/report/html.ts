/** Text as HTML. */
import type { ReportTable } from '../../experiments/report/table.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stands for itself, also in attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (letter) => ESCAPES[letter] ?? letter);
}

/** An unordered list of lines of text; nothing without lines. */
export function listHtml(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

/** A table that scrolls within its width where the screen is narrow. Cells are text; rows that begin with spaces belong to the one above. */
export function tableHtml({ title, columns, rows }: ReportTable): string {
  const cell = (text: string, column: number, tag: 'td' | 'th', scope = ''): string => {
    const align = columns[column]?.align === 'right' ? ' class="number"' : '';
    return `<${tag}${align}${scope}>${escapeHtml(text.trim())}</${tag}>`;
  };
  const head = columns.map(({ heading }, column) =>
    cell(heading, column, heading === '' ? 'td' : 'th', ' scope="col"'),
  );
  const body = rows.map((row) => {
    const isPart = row[0]?.startsWith(' ') === true;
    const cells = columns.map((_, column) =>
      cell(row[column] ?? '', column, column === 0 ? 'th' : 'td', column === 0 ? ' scope="row"' : ''),
    );
    return `<tr${isPart ? ' class="part"' : ''}>${cells.join('')}</tr>`;
  });
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table><caption>${escapeHtml(title)}</caption>` +
    `<thead><tr>${head.join('').replaceAll('<td scope="col">', '<td>')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
  );
}
