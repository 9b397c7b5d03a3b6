/** The part of fontkit that the charts use; the package ships no types. */
declare module 'fontkit' {
  /** A font read from a file. */
  export interface Font {
    /** Font units per em: a glyph run of `advanceWidth` is `advanceWidth / unitsPerEm * fontSize` pixels wide. */
    readonly unitsPerEm: number;
    /** Shapes a line of text, with kerning. */
    layout(text: string): { readonly advanceWidth: number };
    /** Whether the font has a glyph for a code point. */
    hasGlyphForCodePoint(codePoint: number): boolean;
  }
  /** Reads a font file. */
  export function openSync(path: string): Font;
}
