import type { OneTimeSecrets } from '@parley/core';
import { describe, expect, test } from 'vitest';

export interface OpenedOneTimeSecrets {
  readonly oneTimeSecrets: OneTimeSecrets;
  close(): Promise<void>;
}

const NOW = 1_760_000_000_000;
const LATER = NOW + 30_000;

/** What `OneTimeSecrets` promises, shown on an engine. */
export function oneTimeSecretsContract(engine: string, open: () => Promise<OpenedOneTimeSecrets>): void {
  const secretsTest = test.extend(
    'secrets',
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
    async ({}, { onCleanup }) => {
      const opened = await open();
      onCleanup(() => opened.close());
      return opened.oneTimeSecrets;
    },
  );

  describe(`${engine}: OneTimeSecrets`, () => {
    secretsTest('[AUTH-8] the right secret gives the value once', async ({ secrets }) => {
      await secrets.put('ticket', 'digest', 'value', LATER);
      expect(await secrets.take('ticket', 'digest', NOW, 5)).toBe('value');
      expect(await secrets.take('ticket', 'digest', NOW, 5)).toBeUndefined();
      expect(await secrets.take('never put', 'digest', NOW, 5)).toBeUndefined();
    });

    secretsTest('[AUTH-8] of many who take at once one gets it', async ({ secrets }) => {
      await secrets.put('ticket', 'digest', 'value', LATER);
      const taken = await Promise.all(Array.from({ length: 10 }, () => secrets.take('ticket', 'digest', NOW, 5)));
      expect(taken.filter((value) => value !== undefined)).toEqual(['value']);
    });

    secretsTest(
      '[AUTH-6] wrong tries count, and after the last allowed one the secret is gone',
      async ({ secrets }) => {
        await secrets.put('code', 'right', 'value', LATER);
        for (let attempt = 1; attempt <= 4; attempt += 1) {
          expect(await secrets.take('code', `wrong ${attempt}`, NOW, 5)).toBeUndefined();
        }
        expect(await secrets.take('code', 'right', NOW, 5)).toBe('value');

        await secrets.put('code', 'right', 'value', LATER);
        for (let attempt = 1; attempt <= 5; attempt += 1) await secrets.take('code', `wrong ${attempt}`, NOW, 5);
        expect(await secrets.take('code', 'right', NOW, 5)).toBeUndefined();
      },
    );

    secretsTest('[AUTH-6] wrong tries at once cannot pass the limit', async ({ secrets }) => {
      await secrets.put('code', 'right', 'value', LATER);
      await Promise.all(Array.from({ length: 5 }, (_, index) => secrets.take('code', `wrong ${index}`, NOW, 5)));
      expect(await secrets.take('code', 'right', NOW, 5)).toBeUndefined();
    });

    secretsTest('[AUTH-8] a secret past its time is gone', async ({ secrets }) => {
      await secrets.put('ticket', 'digest', 'value', LATER);
      expect(await secrets.take('ticket', 'digest', LATER + 1, 5)).toBeUndefined();
      await secrets.put('ticket', 'digest', 'value', LATER);
      expect(await secrets.take('ticket', 'digest', LATER - 1, 5)).toBe('value');
    });

    secretsTest('[AUTH-6] a new secret replaces the old one of the name, with all its tries', async ({ secrets }) => {
      await secrets.put('code', 'first', 'first value', LATER);
      await secrets.take('code', 'wrong', NOW, 2);
      await secrets.put('code', 'second', 'second value', LATER);
      expect(await secrets.take('code', 'first', NOW, 2)).toBeUndefined();
      expect(await secrets.take('code', 'second', NOW, 2)).toBe('second value');
    });

    secretsTest('[AUTH-8] names are apart from each other', async ({ secrets }) => {
      await secrets.put('one', 'digest', 'first', LATER);
      await secrets.put('two', 'digest', 'second', LATER);
      expect(await secrets.take('two', 'digest', NOW, 5)).toBe('second');
      expect(await secrets.take('one', 'digest', NOW, 5)).toBe('first');
    });
  });
}
