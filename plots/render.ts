/**
 * From a chart's specification to pictures: SVG with text laid out by the typeface's own metrics, and PNG from that SVG
 * with the same typeface. Neither depends on fonts or displays of the machine, and equal specifications give equal bytes.
 */
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { fontFamily, fontFiles, textWidth } from './text-width.ts';

/** A chart that cannot be drawn as specified; the message holds the library's warning. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

/** A picture of a chart in both formats. */
export interface Picture {
  /** The SVG document. */
  readonly svg: string;
  /** The PNG file. */
  readonly png: Uint8Array;
}

/** Pixels of the PNG per pixel of the SVG. */
export const pngScale = 2;

/** A logger of the charting libraries that turns their warnings into errors: a warning means a faulty picture. */
function strictLogger() {
  const fail = (...parts: readonly unknown[]): never => {
    throw new ChartError(`the chart's specification gives a warning: ${parts.map(String).join(' ')}`);
  };
  const logger = {
    level: () => logger,
    error: fail,
    warn: fail,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

/**
 * Draws a specification as an SVG document.
 *
 * @throws {ChartError} when a library warns about the specification.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const logger = strictLogger();
  const compiled = compile(spec, { logger });
  vega.textMetrics.width = (item, text) =>
    textWidth(String(text ?? '').trim(), item.fontSize ?? 11, item.fontWeight === 'bold' ? 'bold' : 'regular');
  // Ids of gradients and clips count up within a process; starting over makes the bytes a function of the spec.
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Draws an SVG document as a PNG of `pngScale` times its size, on white. */
export function renderPng(svg: string): Uint8Array {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: pngScale },
    background: '#ffffff',
    font: {
      loadSystemFonts: false,
      fontFiles: [fontFiles.regular, fontFiles.bold],
      defaultFontFamily: fontFamily,
    },
  });
  return resvg.render().asPng();
}

/**
 * Draws a specification in both formats.
 *
 * @throws {ChartError} when a library warns about the specification.
 */
export async function render(spec: TopLevelSpec): Promise<Picture> {
  const svg = await renderSvg(spec);
  return { svg, png: renderPng(svg) };
}
