import { mkdir, open, readFile, rename } from 'node:fs/promises';
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

/** Reads `secrets.json` of the data folder, or makes it at the first start: mode 600, flushed, renamed into place. */
export async function loadSecrets(dataDirectory: string): Promise<Secrets> {
  const path = join(dataDirectory, 'secrets.json');
  const text = await readIfThere(path);
  if (text !== undefined) return new Secrets(parseSigningKey(text, path));
  const key = await generateSigningKey();
  await mkdir(dataDirectory, { recursive: true });
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
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'signing_key' in value) {
      const key = value.signing_key;
      if (
        typeof key === 'object' &&
        key !== null &&
        'x' in key &&
        'd' in key &&
        typeof key.x === 'string' &&
        typeof key.d === 'string'
      ) {
        return { kty: 'OKP', crv: 'Ed25519', x: key.x, d: key.d };
      }
    }
  } catch {
    // No JSON: damaged, as below.
  }
  throw new StartError(
    `The server was not started: ${path} is damaged. Restore it from a backup, or remove it: then everybody has to log in again.`,
  );
}
