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
const TEXT_LENGTH_MAX = 4_000;
/** Credentials inside a sentence: an authorization header, a JWT. */
const CREDENTIALS = /\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]*\.[\w-]*/gi;

/** A plain copy that is safe to write. Errors become name, message, stack and cause; getters and methods are not called. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => redact(item, depth + 1));
  return redactFields(value, depth);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = Object.create(null);
  let taken = 0;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(fields))) {
    if (taken === ITEMS_MAX) break;
    taken += 1;
    safe[name] = isSecret(name) ? REDACTED : redact(value, depth + 1);
  }
  return safe;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack = '', cause, ...fields } = error;
  const systemCode = 'code' in error && typeof error.code === 'string' && SYSTEM_CODE.test(error.code) && error.code;
  return {
    ...redactFields(fields, depth),
    ...(systemCode ? { code: systemCode } : {}),
    name,
    message: cleanText(message),
    stack: cleanText(stack),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}

const cleanText = (text: string): string => {
  const clean = text.slice(0, TEXT_LENGTH_MAX).replace(CREDENTIALS, REDACTED);
  return text.length > TEXT_LENGTH_MAX ? `${clean}…` : clean;
};

const isSecret = (name: string): boolean =>
  name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).some((word) => SECRET_WORDS.has(word.toLowerCase()));
