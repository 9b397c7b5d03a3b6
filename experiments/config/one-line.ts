/** Text of others (a config, an argument, a library) made fit for a line of a terminal. */

/** Longest message, in characters: what is cut out of a longer one is its middle, since both ends tell something. */
export const LONGEST_MESSAGE = 600;

/** Longest value that is repeated in a message, in characters. */
export const LONGEST_VALUE = 80;

/** Characters that move the cursor, break the line, or change the direction of the text. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]|\p{Surrogate}/gu;

/** The text in one line of at most `limit` characters, with its control characters written as escapes (`\u001b`). */
export function oneLine(text: string, limit = LONGEST_MESSAGE): string {
  // Escapes are longer than what they stand for, so what will not be shown is cut off first.
  const shown = text.length > 2 * limit ? `${text.slice(0, limit)}${text.slice(-limit)}` : text;
  const escaped = shown.replaceAll(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped.length <= limit) return escaped;
  const head = Math.ceil((limit - 3) * 0.6);
  return `${escaped.slice(0, head)}...${escaped.slice(head + 3 - limit)}`;
}

/** A text in quotes, in one line, shortened when it is long. */
export function quoted(text: string): string {
  return oneLine(JSON.stringify(oneLine(text, LONGEST_VALUE)).replaceAll(String.raw`\\u`, String.raw`\u`));
}
