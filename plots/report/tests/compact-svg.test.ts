import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Resvg } from '@resvg/resvg-js';
import { renderSvg } from '../../render.ts';
import { fontFamily, fontFiles } from '../../text-width.ts';
import { charts } from '../../charts.ts';
import { fixtureRun } from '../../tests/fixture-runs.ts';
import { compactSvg } from '../compact-svg.ts';

function pixelsOf(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: Object.values(fontFiles), defaultFontFamily: fontFamily };
  return new Uint8Array(new Resvg(svg, { background: '#ffffff', font }).render().pixels);
}

describe('a compact SVG', () => {
  it('keeps lines, to a tenth of a pixel, and prefixes ids', () => {
    const svg =
      '<svg width="10" height="10" viewBox="0 0 10 10"><g class="a"><g transform="translate(0,0)"><path id="p" clip-path="url(#c)" ' +
      'd="M0.123,0L1.123,0L2.123,0L2.123,5.06L0,0Z"/></g></g></svg>';
    assert.equal(
      compactSvg(svg, 'name', 'x-'),
      '<svg role="img" aria-label="name" width="10" height="10" viewBox="0 0 10 10"><path id="x-p" clip-path="url(#x-c)" d="M.1,0h2v5.1l-2.1-5.1Z"/></svg>',
    );
  });

  it('joins neighbouring lines of a style', () => {
    const line = (x: number, stroke: string): string =>
      `<line transform="translate(${x},-4)" x2="0" y2="4" stroke="${stroke}"/>`;
    const svg = `<svg viewBox="0 0 9 9">${line(1, 'a')}${line(2, 'b')}${line(3, 'a')}</svg>`;
    assert.match(compactSvg(svg, '', ''), /<path stroke="a" d="M1,-4v4M3,-4v4"\/><path stroke="b" d="M2,-4v4"\/>/u);
  });

  it('leaves curves alone', () => {
    const path = 'M0,0C1,2,3,4,5,6';
    assert.match(compactSvg(`<svg><path d="${path}"/></svg>`, '', ''), new RegExp(path, 'u'));
  });

  it('looks like the chart that it was, at half of its size', async () => {
    const [chart] = charts([fixtureRun()]);
    const svg = await renderSvg(chart!.spec);
    const compact = compactSvg(svg, 'chart', '');
    assert.ok(compact.length < svg.length / 2, `${compact.length} of ${svg.length}`);
    const [before, after] = [pixelsOf(svg), pixelsOf(compact)];
    const differing = before.filter((value, index) => Math.abs(value - after[index]!) > 96).length / before.length;
    assert.ok(before.length === after.length && differing < 0.01, `${differing} of the picture differs`);
  });
});
