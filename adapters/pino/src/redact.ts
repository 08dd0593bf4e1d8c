/** What may reach a log line: bounded, and without secrets or message content, however deep they lie. */

/** Words of field names whose values are never written: `refresh_token`, `newPassword` and `headers.authorization` all match. */
const SECRET_WORDS = new Set([
  'authorization',
  'cookie',
  'token',
  'tokens',
  'ticket',
  'password',
  'secret',
  'code',
  'content',
  'payload',
  'body',
]);
const REDACTED = '[redacted]';
/** `ECONNREFUSED`, `ERR_INVALID_ARG`: the `code` of an error of Node, which an operator needs; a login code is digits. */
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;
/** Texts, numbers and objects of one line. */
const VALUES_MAX = 500;
const TEXT_LENGTH_MAX = 4_000;
/** Credentials inside a sentence: an authorization header, a JWT. */
const CREDENTIALS = /\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]*\.[\w-]*/gi;

/** A plain copy that is safe to write. Errors become name, message, stack and cause; getters and methods are not called. */
export const redact = (value: unknown): unknown => copy(value, { depth: 0, budget: { valuesLeft: VALUES_MAX } });

interface Place {
  readonly depth: number;
  /** Shared by the whole line: wide and deep things, a request with its sockets, would otherwise multiply. */
  readonly budget: { valuesLeft: number };
}

function copy(value: unknown, place: Place): unknown {
  place.budget.valuesLeft -= 1;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (place.depth >= DEPTH_MAX || place.budget.valuesLeft <= 0) return '[cut off]';
  const inside = { ...place, depth: place.depth + 1 };
  if (value instanceof Error) return copyError(value, inside);
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => copy(item, inside));
  return copyFields(value, inside);
}

function copyFields(fields: object, inside: Place): Record<string, unknown> {
  const taken = Object.entries(Object.getOwnPropertyDescriptors(fields)).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    taken.map(([name, descriptor]) => [name, isSecret(name) ? REDACTED : copy(descriptor.value, inside)]),
  );
}

function copyError(error: Error, inside: Place): Record<string, unknown> {
  const { name, message, stack = '', cause, ...fields } = error;
  const systemCode = 'code' in error && typeof error.code === 'string' && SYSTEM_CODE.test(error.code) && error.code;
  return {
    ...copyFields(fields, inside),
    ...(systemCode ? { code: systemCode } : {}),
    name,
    message: cleanText(message),
    stack: cleanText(stack),
    ...(cause === undefined ? {} : { cause: copy(cause, inside) }),
  };
}

const cleanText = (text: string): string => {
  const clean = text.slice(0, TEXT_LENGTH_MAX).replace(CREDENTIALS, REDACTED);
  return text.length > TEXT_LENGTH_MAX ? `${clean}…` : clean;
};

const isSecret = (name: string): boolean =>
  name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).some((word) => SECRET_WORDS.has(word.toLowerCase()));
