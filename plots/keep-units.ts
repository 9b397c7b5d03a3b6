/** Keeps numbers whole where text is wrapped. */

const noBreakSpace = '\u00a0';

/** The text with no-break spaces inside numbers, and between them and their units, so that a line never ends there. */
export function keepUnits(text: string): string {
  return text.replaceAll(
    /(\d) (?=(?:\d{3}|s|ms|us|ns|[KMGT]?i?B|%|thousand|million|billion|keys?|cores?|workers?|bins?|ticks?|repeats?)(?![a-z\d]))/g,
    `$1${noBreakSpace}`,
  );
}
