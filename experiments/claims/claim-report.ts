/** Claims as people read them: a text of 80 columns, and a Markdown table. */
import { formatBytes, formatNumber } from '../config/quantity.ts';
import { commandOf, type Claim } from './claim.ts';
import type { JudgedClaim } from './judge-claim.ts';

const WIDTH = 80;
const INDENT = ' '.repeat(15);

/** Lines of at most 80 columns: a paragraph per claim, then how many hold. */
export function claimLines(judged: readonly JudgedClaim[]): string[] {
  const lines = judged.flatMap((result) => {
    const { claim, verdict } = result;
    return [
      ...wrapped(`${verdict.padEnd(INDENT.length)}${claim.id}: ${claim.text}`),
      ...wrapped(`${INDENT}${verdict === 'not measured' ? '' : 'here '}${hereLabel(result)}; ${limitLabel(claim)}`),
      ...wrapped(`${INDENT}the paper: ${claim.paper}`),
      ...(verdict === 'not measured' ? wrapped(`${INDENT}${effortLabel(claim)}`) : []),
    ];
  });
  return [...lines, '', tally(judged)];
}

/** The rows of the README's table; equal claims give equal first columns, whatever was measured. */
export function claimMarkdown(judged: readonly JudgedClaim[]): string[] {
  return [
    '| figure | claim | paper | here | holds |',
    '| --- | --- | --- | --- | --- |',
    ...judged.map((result) => {
      const { claim, verdict } = result;
      const here = verdict === 'not measured' ? '-' : hereLabel(result);
      const holds = { holds: 'yes', 'does not hold': 'no', 'not measured': 'not measured' }[verdict];
      return `| \`${claim.figure}\` | ${claim.text} | ${claim.paper} | ${here} | ${holds} |`;
    }),
  ];
}

/** The measured value with its interval, or why there is none. */
export function hereLabel({ claim, value, interval, repeats, reason }: JudgedClaim): string {
  if (value === undefined) return `nothing here: ${reason}`;
  if (interval === undefined) return `${amount(value, claim)} (too few repeats for an interval: ${repeats})`;
  return `${amount(value, claim)} (${amount(interval[0], claim)} to ${amount(interval[1], claim)})`;
}

function limitLabel({ relation, value, unit }: Claim): string {
  const claim = { unit };
  if (relation === 'within') return `expected from ${amount(1 / value, claim)} to ${amount(value, claim)}`;
  return `expected ${relation === '>=' ? 'at least' : 'at most'} ${amount(value, claim)}`;
}

function amount(value: number, { unit }: Pick<Claim, 'unit'>): string {
  return unit === 'bytes' ? formatBytes(value) : `${formatNumber(value)} ${unit}`;
}

/** The command that measures a claim, with the time and memory that it takes. */
export function effortLabel(claim: Claim): string {
  return `${commandOf(claim)} (about ${claim.minutes} min, ${claim.memoryGiB} GiB)`;
}

/** How many hold, do not hold, and are not measured. */
export function tally(judged: readonly JudgedClaim[]): string {
  const count = (verdict: JudgedClaim['verdict']): string =>
    String(judged.filter((result) => result.verdict === verdict).length);
  return `${count('holds')} hold, ${count('does not hold')} do not hold, ${count('not measured')} are not measured`;
}

/** Words of a line, broken at the width; what follows is indented. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const end = space > INDENT.length ? space : WIDTH;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${INDENT}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
