/**
 * Widths of text in the charts' typeface, taken from the font file itself, so that layouts are tight and do not depend
 * on what is installed on a machine.
 */
import { fileURLToPath } from 'node:url';
import { openSync, type Font } from 'fontkit';

/** Name of the typeface, as in its file. */
export const fontFamily = 'DejaVu Sans';

/** Paths of the typeface's files. */
export const fontFiles = {
  regular: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
  bold: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
} as const;

/** A weight of which a font file exists. */
export type FontWeight = keyof typeof fontFiles;

const fonts = new Map<FontWeight, Font>();

function fontOf(weight: FontWeight): Font {
  const known = fonts.get(weight);
  if (known !== undefined) return known;
  const font = openSync(fontFiles[weight]);
  fonts.set(weight, font);
  return font;
}

/** Width in pixels of one line of text. */
export function textWidth(text: string, fontSize: number, weight: FontWeight = 'regular'): number {
  const font = fontOf(weight);
  return (font.layout(text).advanceWidth / font.unitsPerEm) * fontSize;
}

/**
 * Breaks text at spaces into lines of at most `width` pixels. A word wider than a line stands on a line of its own; a
 * no-break space keeps a number with its unit.
 */
export function wrapText(text: string, width: number, fontSize: number, weight: FontWeight = 'regular'): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, fontSize, weight) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
