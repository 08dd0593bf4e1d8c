import { describe, expect, test, vi } from 'vitest';
import { ThreadLine } from './thread-line.ts';

const BODY = new URL('../../test/dying-thread.ts', import.meta.url);

type Calls = { readonly work: (context: unknown, args: number) => number };

async function lostLine(writes: boolean) {
  const onLost = vi.fn();
  const line = new ThreadLine<Calls>(BODY, { directory: '/nowhere', pendingMax: 10, writes, onLost });
  await line.opened();
  return { line, onLost };
}

describe('a storage thread that dies', () => {
  test('[S10] a write that it has not answered is unknown; what is asked later is not done', async () => {
    const { line, onLost } = await lostLine(true);
    const [first, second] = await Promise.allSettled([line.call('work', 1), line.call('work', 2)]);
    for (const settled of [first, second]) {
      expect(settled).toMatchObject({ reason: { name: 'StoreError', applied: 'unknown', retryable: true } });
    }
    expect(onLost).toHaveBeenCalledOnce();
    await expect(line.call('work', 3)).rejects.toMatchObject({ applied: 'no', retryable: true });
    await line.close();
  });

  test('[S10] a read that it has not answered was not done', async () => {
    const { line } = await lostLine(false);
    await expect(line.call('work', 1)).rejects.toMatchObject({ applied: 'no' });
    await line.close();
  });
});
