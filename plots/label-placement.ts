/**
 * Labels beside the marks of a chart, so that none lies on another label or on a mark. Greedy: each label takes the
 * nearest free place around its mark; one that had to move away gets a leader line to it.
 */

/** A mark to be labelled; pixels from the top left of the panel. */
export interface LabelledMark extends Point {
  /** Width of the label's text. */
  readonly widthPx: number;
}

/** Where a label stands. */
export interface LabelPlace {
  /** Centre of the label from the left. */
  readonly x: number;
  /** Centre of the label from the top. */
  readonly y: number;
  /** Whether the label is far enough from its mark to need a leader line. */
  readonly needsLeader: boolean;
}

/** The room that labels have. */
export interface LabelRoom {
  /** Width of the panel. */
  readonly widthPx: number;
  /** Height of the panel. */
  readonly heightPx: number;
  /** Height of one label. */
  readonly lineHeightPx: number;
}

/** A rectangle; pixels from the top left of the panel. */
export interface Box {
  /** Left edge. */
  readonly left: number;
  /** Right edge. */
  readonly right: number;
  /** Top edge. */
  readonly top: number;
  /** Bottom edge. */
  readonly bottom: number;
}

/** Something small that a label should not cover. */
export interface Point {
  /** Position from the left. */
  readonly x: number;
  /** Position from the top. */
  readonly y: number;
}

const markRadiusPx = 5;
const lineRadiusPx = 1.5;
const ringsPx = [4, 14, 26, 38, 52, 68];
const directions = Array.from({ length: 16 }, (_, index) => (index * Math.PI) / 8 - Math.PI / 2);

function boxAround({ x, y }: Point, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** Points along the straight line between two, less than `stepPx` apart, without its ends. */
export function pointsBetween(from: Point, to: Point, stepPx: number): Point[] {
  const count = Math.floor(Math.hypot(to.x - from.x, to.y - from.y) / stepPx);
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / (count + 1);
    return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  });
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * A place per mark, in their order; marks are placed in that order too. Every label stays inside the panel. Where no
 * place is free, the one that covers least is taken.
 *
 * @param obstacles points of lines, which a label should not cover either
 */
export function placeLabels(
  marks: readonly LabelledMark[],
  room: LabelRoom,
  obstacles: readonly Point[] = [],
): LabelPlace[] {
  const taken = [
    ...marks.map((mark) => boxAround(mark, markRadiusPx)),
    ...obstacles.map((point) => boxAround(point, lineRadiusPx)),
  ];
  return marks.map((mark) => {
    const { place, box } = bestPlace(mark, room, taken);
    taken.push(box);
    return place;
  });
}

function bestPlace(mark: LabelledMark, room: LabelRoom, taken: readonly Box[]): { place: LabelPlace; box: Box } {
  const halfWidth = mark.widthPx / 2 + 1;
  const halfHeight = room.lineHeightPx / 2;
  let best: { place: LabelPlace; box: Box } | undefined;
  let leastCovered = Infinity;
  for (const ring of ringsPx) {
    for (const angle of directions) {
      const reach = markRadiusPx + ring;
      const x = mark.x + Math.cos(angle) * (reach + halfWidth);
      const y = mark.y + Math.sin(angle) * (reach + halfHeight);
      const box = { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
      const isInside =
        box.left >= 2 && box.right <= room.widthPx - 2 && box.top >= 2 && box.bottom <= room.heightPx - 2;
      if (!isInside) continue;
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (covered < leastCovered) {
        leastCovered = covered;
        best = { place: { x, y, needsLeader: ring > 10 }, box };
      }
      if (covered === 0 && best !== undefined) return best;
    }
  }
  return best ?? { place: { x: mark.x, y: mark.y, needsLeader: false }, box: { left: 0, right: 0, top: 0, bottom: 0 } };
}
