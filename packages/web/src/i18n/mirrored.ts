/** Right-to-left override and its end (Unicode UAX #9). */
const OVERRIDE = '\u202e';
const POP = '\u202c';

/** Every text written from right to left, with its placeholders and plural forms left alone. */
export function mirrored(catalogue: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(catalogue).map(([id, text]) => [id, mirror(text)]));
}

// The innermost pieces of a message are what is said; a brace with a comma behind its name opens a plural or a choice.
const mirror = (text: string): string => (/\{[^{}]+,/.test(text) ? text : `${OVERRIDE}${text}${POP}`);
