/**
 * Makes a chart's SVG smaller without a visible change, to a fifth or so: coordinates to a tenth of a pixel, lines relative to the
 * point before, no names of inner marks, the typeface named once. Ids get a prefix, so that several charts can stand in one page.
 */

/** Attributes that only name inner marks for programs; the whole picture gets one name instead. */
const NAMING = / (?:class|role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"/gu;

/** Empty backgrounds of groups. */
const EMPTY = /<path(?: pointer-events="none")? d="M0,0h0v0h0Z"(?: pointer-events="none")?(?: display="none")?\/>/gu;

/** What marks are drawn with by default. */
const DEFAULTS = / (?:opacity="1"|pointer-events="none"|transform="translate\(0,0\)")/gu;

/**
 * The compact form of an SVG document.
 *
 * @param name - what the picture shows, for those who do not see it
 * @param prefix - of ids in this document
 */
export function compactSvg(svg: string, name: string, prefix: string): string {
  const family = / font-family="([^"]*)"/u.exec(svg)?.[1];
  const compact = svg
    .trim()
    .replaceAll(NAMING, '')
    .replaceAll(DEFAULTS, '')
    .replaceAll(EMPTY, '')
    .replaceAll(/ font-family="[^"]*"/gu, '')
    .replaceAll(/ id="([^"]+)"/gu, ` id="${prefix}$1"`)
    .replaceAll(/url\(#([^)]+)\)/gu, `url(#${prefix}$1)`)
    .replaceAll(/ d="([^"]*)"/gu, (_, path: string) => ` d="${compactPath(path)}"`)
    .replaceAll(/ transform="translate\(([^()]*)\)"/gu, (_, at: string) => ` transform="translate(${roundedList(at)})"`)
    .replaceAll(/ (x|y|x1|x2|y1|y2|width|height)="(-?[\d.]+)"/gu, (_, key: string, value: string) => {
      return ` ${key}="${rounded(Number(value))}"`;
    });
  return withoutPlainGroups(joinedLines(compact)).replace(
    '<svg',
    `<svg role="img" aria-label="${name}"${family === undefined ? '' : ` font-family="${family}"`}`,
  );
}

/** Neighbouring lines of one style, such as those of a grid, as one path per style. */
function joinedLines(svg: string): string {
  return svg.replaceAll(/(?:<line [^>]*\/>){2,}/gu, (lines) => {
    const byStyle = new Map<string, string>();
    for (const [, attributes = ''] of lines.matchAll(/<line ([^>]*)\/>/gu)) {
      const value = (key: string): number =>
        Number(new RegExp(`(?:^| )${key}="([^"]*)"`, 'u').exec(attributes)?.[1] ?? 0);
      const [, tx = '0', ty = '0'] = /transform="translate\(([^,)]*),?([^)]*)\)"/u.exec(attributes) ?? [];
      const style = attributes.replaceAll(/(?:^| )(?:transform|x1|y1|x2|y2)="[^"]*"/gu, '').trim();
      const from = [Number(tx) + value('x1'), Number(ty) + value('y1')] as const;
      const by = [value('x2') - value('x1'), value('y2') - value('y1')] as const;
      const path = new RelativePath();
      path.move(from[0], from[1]);
      path.line(from[0] + by[0], from[1] + by[1]);
      byStyle.set(style, (byStyle.get(style) ?? '') + path.text());
    }
    return [...byStyle].map(([style, path]) => `<path ${style} d="${path}"/>`).join('');
  });
}

/** Removes groups without attributes, and empty groups, until there are none. */
function withoutPlainGroups(svg: string): string {
  const open: boolean[] = [];
  const flat = svg.replaceAll(/<g>|<g [^>]*>|<\/g>/gu, (tag) => {
    if (tag !== '</g>') {
      open.push(tag !== '<g>');
      return tag === '<g>' ? '' : tag;
    }
    return open.pop() === true ? tag : '';
  });
  const less = flat.replaceAll(/<g(?: [^>]*)?><\/g>/gu, '');
  return less === svg ? svg : withoutPlainGroups(less);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10 + 0).replace(/^(-?)0\./u, '$1.');
}

function roundedList(values: string): string {
  return values
    .split(',')
    .map((value) => rounded(Number(value)))
    .join(',');
}

/** A path of straight lines in tenths of a pixel; any other path stays as it is. */
function compactPath(path: string): string {
  const commands = [...path.matchAll(/([A-Za-z])([^A-Za-z]*)/gu)].map(([, letter, numbers]) => ({
    letter: letter ?? '',
    numbers: [...(numbers ?? '').matchAll(/-?[\d.]+(?:e-?\d+)?/gu)].map(([number]) => Number(number)),
  }));
  if (commands.some(({ letter }) => !'MLHVZhvl'.includes(letter))) return path;
  const out = new RelativePath();
  let [x, y] = [0, 0];
  for (const { letter, numbers } of commands) {
    const [a = 0, b = 0] = numbers;
    if (numbers.length > 2) return path;
    if (letter === 'Z') {
      out.close();
      continue;
    }
    if (letter === 'M' || letter === 'L') [x, y] = [a, b];
    else if (letter === 'l') [x, y] = [x + a, y + b];
    else if (letter === 'H') x = a;
    else if (letter === 'V') y = a;
    else if (letter === 'h') x += a;
    else y += a;
    if (letter === 'M') out.move(x, y);
    else out.line(x, y);
  }
  return out.text();
}

/** Collects lines on a grid of tenths of a pixel; those that go on in the same axis become one. */
class RelativePath {
  readonly #parts: string[] = [];
  #x = 0;
  #y = 0;
  /** A movement along one axis that may go on. */
  #pending: { axis: 'h' | 'v'; length: number } | undefined;

  /** Begins a line at a point. */
  move(x: number, y: number): void {
    this.#flush();
    [this.#x, this.#y] = [Math.round(x * 10), Math.round(y * 10)];
    this.#parts.push(`M${tenths(this.#x)},${tenths(this.#y)}`);
  }

  /** A straight line to a point. */
  line(x: number, y: number): void {
    const dx = Math.round(x * 10) - this.#x;
    const dy = Math.round(y * 10) - this.#y;
    this.#x += dx;
    this.#y += dy;
    if (dx === 0 && dy === 0) return;
    if (dx !== 0 && dy !== 0) {
      this.#flush();
      this.#parts.push(`l${tenths(dx)}${dy < 0 ? '' : ','}${tenths(dy)}`);
      return;
    }
    const axis = dy === 0 ? 'h' : 'v';
    const length = dx + dy;
    // Back and forth stays two movements: the line between is seen.
    if (this.#pending?.axis === axis && Math.sign(this.#pending.length) === Math.sign(length)) {
      this.#pending.length += length;
      return;
    }
    this.#flush();
    this.#pending = { axis, length };
  }

  /** Closes the shape. Another one begins with `move`. */
  close(): void {
    this.#flush();
    this.#parts.push('Z');
  }

  /** The path. */
  text(): string {
    this.#flush();
    return this.#parts.join('');
  }

  #flush(): void {
    if (this.#pending !== undefined) this.#parts.push(`${this.#pending.axis}${tenths(this.#pending.length)}`);
    this.#pending = undefined;
  }
}

function tenths(value: number): string {
  return rounded(value / 10);
}
