import { createPrivateKey, createPublicKey } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSigningKey, type SigningKey } from '@parley/jose';
import { StartError } from './start-error.ts';

/** Secrets of one server. Prints as "[redacted]" wherever it is logged or serialised. */
export class Secrets {
  readonly #signingKey: SigningKey;

  constructor(signingKey: SigningKey) {
    this.#signingKey = signingKey;
  }

  /** Ed25519 private key that signs access tokens. */
  signingKey(): SigningKey {
    return this.#signingKey;
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Secrets [redacted]';
  }
}

/** For a server that forgets everything at its end. */
export const temporarySecrets = async (): Promise<Secrets> => new Secrets(await generateSigningKey());

const pathIn = (dataDirectory: string): string => join(dataDirectory, 'secrets.json');

/** Reads `secrets.json` of the data folder; undefined where there is none yet. Throws StartError when it cannot be read or is damaged. */
export async function readSecrets(dataDirectory: string): Promise<Secrets | undefined> {
  const path = pathIn(dataDirectory);
  const text = await readIfThere(path);
  return text === undefined ? undefined : new Secrets(parseSigningKey(text, path));
}

/** Makes `secrets.json`: mode 600, flushed, renamed into place. For whoever holds the data folder. */
export async function makeSecrets(dataDirectory: string): Promise<Secrets> {
  const path = pathIn(dataDirectory);
  const key = await generateSigningKey();
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ signing_key: key })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return new Secrets(key);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT') return undefined;
    throw new StartError(
      `The server was not started: ${path} cannot be read (${code}). Give this user the right to read it.`,
      { cause },
    );
  }
}

function parseSigningKey(text: string, path: string): SigningKey {
  const key = signingKeyIn(text);
  if (key !== undefined) return key;
  throw new StartError(
    `The server was not started: ${path} is damaged. Restore it from a backup, or remove it: then everybody has to log in again.`,
  );
}

/** Undefined: no JSON, another shape, or two halves that do not belong together. */
function signingKeyIn(text: string): SigningKey | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('signing_key' in value)) return undefined;
    const key = value.signing_key;
    if (typeof key !== 'object' || key === null || !('x' in key) || !('d' in key)) return undefined;
    const { x, d } = key;
    if (typeof x !== 'string' || typeof d !== 'string') return undefined;
    const signingKey: SigningKey = { kty: 'OKP', crv: 'Ed25519', x, d };
    const privateKey = createPrivateKey({ key: { ...signingKey }, format: 'jwk' });
    return createPublicKey(privateKey).export({ format: 'jwk' }).x === x ? signingKey : undefined;
  } catch {
    return undefined;
  }
}
