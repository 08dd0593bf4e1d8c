import type { ErrorCode } from '@parley/protocol';

/** A body that could not be read. The message is the `detail` of the problem and echoes nothing of the body. */
export class BodyError extends Error {
  readonly code: Extract<ErrorCode, 'BAD_FRAME' | 'UNSUPPORTED_MEDIA_TYPE'>;

  constructor(code: BodyError['code'], message: string) {
    super(message);
    this.name = 'BodyError';
    this.code = code;
  }
}

const DEPTH_MAX = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads JSON in UTF-8; an empty body is `undefined`. Keys that could reach a prototype are left out: unknown fields are ignored anyway (FRAME-5). Throws BodyError. */
export function readJsonBody(
  bytes: Uint8Array,
  headers: { readonly 'content-type'?: string | undefined; readonly 'content-encoding'?: string | undefined },
): unknown {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new BodyError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON in UTF-8. Nothing was done.');
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity')
    throw new BodyError('UNSUPPORTED_MEDIA_TYPE', 'Send the body without compression. Nothing was done.');
  if (bytes.byteLength === 0) return undefined;
  const body = parse(bytes);
  if (!cleanUpTo(body, DEPTH_MAX))
    throw new BodyError('BAD_FRAME', `The body nests deeper than ${DEPTH_MAX} levels. Nothing was done.`);
  return body;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new BodyError('BAD_FRAME', 'The body is not JSON in UTF-8. Nothing was done.');
  }
}

/** Deletes own `__proto__` keys; false when the value nests deeper than `levels`. */
function cleanUpTo(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  return Object.values(value).every((inner) => cleanUpTo(inner, levels - 1));
}
