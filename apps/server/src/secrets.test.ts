import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { generateSigningKey } from '@parley/jose';
import { test as base, describe, expect } from 'vitest';
import { makeSecrets, readSecrets } from './secrets.ts';
import { StartError } from './start-error.ts';

// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-secrets-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

test('secrets are made once, for this user only, and read again', async ({ folder }) => {
  expect(await readSecrets(folder)).toBeUndefined();
  const made = await makeSecrets(folder);
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['secrets.json']);
  expect((await readSecrets(folder))?.signingKey()).toEqual(made.signingKey());
});

test('secrets print as redacted wherever they are printed', async ({ folder }) => {
  const secrets = await makeSecrets(folder);
  for (const text of [JSON.stringify({ secrets }), inspect({ secrets }), inspect(secrets, { depth: 10 })]) {
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(secrets.signingKey().d);
  }
});

describe('a damaged file is a sentence that shows nothing of it', async () => {
  const [key, other] = [await generateSigningKey(), await generateSigningKey()];
  test.for([
    ['nothing', ''],
    ['half of it', JSON.stringify({ signing_key: key }).slice(0, 60)],
    ['a list', '[]'],
    ['no key', '{}'],
    ['a key of numbers', '{"signing_key":{"x":1,"d":2}}'],
    ['a key that is none', '{"signing_key":{"x":"AAAA","d":"AAAA"}}'],
    ['halves of two keys', JSON.stringify({ signing_key: { ...key, x: other.x } })],
  ] as const)('there is %s in it', async ([, text], { folder }) => {
    await writeFile(join(folder, 'secrets.json'), text);
    const refusal = await readSecrets(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect(String(refusal)).toContain('secrets.json is damaged. Restore it from a backup');
    expect(inspect(refusal)).not.toContain(key.d);
  });

  test('the same key, whole, is taken', async ({ folder }) => {
    await writeFile(join(folder, 'secrets.json'), JSON.stringify({ signing_key: key }));
    expect((await readSecrets(folder))?.signingKey()).toMatchObject({ x: key.x, d: key.d });
  });
});

test('a file that cannot be read is a sentence', async () => {
  // A file where a folder should be: nobody can read beneath it, not even root.
  await expect(readSecrets(import.meta.filename)).rejects.toThrow(
    `${join(import.meta.filename, 'secrets.json')} cannot be read (ENOTDIR)`,
  );
});
