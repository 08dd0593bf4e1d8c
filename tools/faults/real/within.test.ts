import { expect, it } from 'vitest';
import { within } from './within.ts';

const never = new Promise<never>(() => undefined);

it('gives what the work comes to', async () => {
  await expect(within(60_000, Promise.resolve(7), () => 'too long')).resolves.toBe(7);
  await expect(within(60_000, Promise.reject(new Error('its own fault')), () => 'too long')).rejects.toThrow('its own');
});

it('ends a wait for what never comes with a sentence that may take a look first', async () => {
  await expect(within(5, never, async () => 'Group 2 has not answered "load"')).rejects.toThrow(
    'Group 2 has not answered "load" (after 0.005 s)',
  );
});
