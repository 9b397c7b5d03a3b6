import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { placeLabels, pointsBetween } from '../label-placement.ts';

const room = { widthPx: 600, heightPx: 380, lineHeightPx: 12 };

describe('labels of marks', () => {
  it('stay inside the panel', () => {
    const mark = fc.record({
      x: fc.integer({ min: 0, max: 600 }),
      y: fc.integer({ min: 0, max: 380 }),
      widthPx: fc.integer({ min: 10, max: 90 }),
    });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 30 }), (marks) => {
        for (const [index, { x, y }] of placeLabels(marks, room).entries()) {
          const half = (marks[index]?.widthPx ?? 0) / 2;
          assert.ok(x - half >= 0 && x + half <= 600 && y - 6 >= 0 && y + 6 <= 380);
        }
      }),
    );
  });

  it('do not cover each other around one point', () => {
    const marks = Array.from({ length: 6 }, () => ({ x: 300, y: 190, widthPx: 24 }));
    const places = placeLabels(marks, room);
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) {
        assert.ok(Math.abs(a.x - b.x) >= 24 || Math.abs(a.y - b.y) >= 12);
      }
    }
  });

  it('keep off lines', () => {
    const marks = [{ x: 300, y: 190, widthPx: 24 }];
    const line = pointsBetween({ x: 300, y: 0 }, { x: 300, y: 380 }, 4);
    const [place] = placeLabels(marks, room, line);
    assert.ok(place !== undefined && Math.abs(place.x - 300) >= 12);
  });
});
