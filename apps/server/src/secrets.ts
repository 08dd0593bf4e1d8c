import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets of one server. Prints as "[redacted]" wherever it is logged or serialised. */
export class Secrets {
  readonly #signingKey: JsonWebKey;
  constructor(signingKey: JsonWebKey) {
    this.#signingKey = signingKey;
  }
  /** Ed25519 private key that signs access tokens. */
  signingKey(): JsonWebKey {
    return this.#signingKey;
  }
  toJSON(): string {
    return '[redacted]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Secrets [redacted]';
  }
}

const newKey = (): JsonWebKey => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });

export const temporarySecrets = (): Secrets => new Secrets(newKey());

/** Reads `secrets.json` of the data folder, or makes it (mode 600, flushed, renamed into place) at the first start. */
export async function loadSecrets(dataDirectory: string): Promise<Secrets> {
  const path = join(dataDirectory, 'secrets.json');
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(
      `The server was not started: ${path} cannot be read (${error.code}). Give this user the right to read it.`,
      { cause: error },
    );
  });
  if (known !== undefined) return new Secrets(parseSecrets(known, path));
  const key = newKey();
  await mkdir(dataDirectory, { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  await file.writeFile(`${JSON.stringify({ signing_key: key })}\n`);
  await file.sync();
  await file.close();
  await chmod(temporary, 0o600);
  await rename(temporary, path);
  return new Secrets(key);
}

function parseSecrets(text: string, path: string): JsonWebKey {
  const refuse = (): never => {
    throw new Error(
      `The server was not started: ${path} is damaged. Restore it from a backup, or remove it: then everybody has to log in again.`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse();
  }
  if (typeof value !== 'object' || value === null || !('signing_key' in value)) return refuse();
  const key = value.signing_key;
  if (typeof key !== 'object' || key === null || !('d' in key) || !('crv' in key) || key.crv !== 'Ed25519')
    return refuse();
  // The cast holds: an object with crv and d of Ed25519 is the JWK form that this file writes.
  return key as JsonWebKey;
}
