/** Right-to-left override within an isolate, and their ends (Unicode UAX #9): a piece stands where a piece of Arabic would. */
const OVERRIDE = '\u2067\u202e';
const POP = '\u202c\u2069';

/** A catalogue with everything that is said written from right to left; names of values and choices stay as they are. */
export const mirrored = (catalogue: Readonly<Record<string, unknown>>): Record<string, string> =>
  // The cast holds: mirroring keeps the shape, and the shape is that of a catalogue.
  Object.fromEntries(Object.entries(catalogue).map(([id, message]) => [id, mirror(message) as string]));

/** A compiled message is a text or a list of texts and of choices: `[name, kind, { case: message }]`. */
function mirror(message: unknown): unknown {
  // The number of a plural.
  if (message === '#') return message;
  if (typeof message === 'string') return `${OVERRIDE}${message}${POP}`;
  return Array.isArray(message)
    ? message.map((part: unknown): unknown => (Array.isArray(part) ? mirrorChoice(part) : mirror(part)))
    : message;
}

function mirrorChoice([name, kind, cases]: readonly unknown[]): unknown[] {
  if (typeof cases !== 'object' || cases === null || Array.isArray(cases))
    return kind === undefined ? [name] : [name, kind, cases];
  const mirroredCases = Object.entries(cases).map(([key, message]: [string, unknown]) => [
    key,
    key === 'offset' ? message : mirror(message),
  ]);
  return [name, kind, Object.fromEntries(mirroredCases)];
}
