import { expect, test } from 'vitest';
import { composer, openWith, said, write } from './chat-page.ts';
import { describeOnStage } from './stage.ts';

describeOnStage('A browser that keeps nothing', (stage) => {
  test('is told at the start that this is so, and what to do', async () => {
    const profile = await stage.profile({ expected: /could not start/ });
    await profile.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('not today', 'InvalidStateError');
      };
    });
    const page = await profile.page();
    await page.getByRole('heading', { name: 'The app could not start.' }).waitFor();
    await page.getByText('not today').waitFor();
    await page.getByRole('button', { name: 'Reload the app' }).waitFor();
  });

  test('[SEND-4] has the text of a message that it could not keep still in the field, with the reason', async () => {
    const page = await stage.newcomer('Kim Lund', 'kim', { expected: /is full/ });
    await openWith(page, 'Owner of the place');
    await page.evaluate(() => {
      const stores = IDBObjectStore.prototype;
      const full = () => {
        throw new DOMException('the disk is full', 'QuotaExceededError');
      };
      Object.assign(globalThis, { room: { put: stores.put, add: stores.add } });
      Object.assign(stores, { put: full, add: full });
    });
    await write(page, 'Do not lose me');
    await page.getByRole('alert').filter({ hasText: 'Not sent' }).waitFor();
    expect(await composer(page).inputValue()).toBe('Do not lose me');
    // The cast holds: it was put there above.
    await page.evaluate(() =>
      Object.assign(IDBObjectStore.prototype, (globalThis as unknown as { room: object }).room),
    );
    await page.keyboard.press('Enter');
    await said(page, 'Do not lose me').waitFor();
    expect(await composer(page).inputValue()).toBe('');
    expect(await page.getByRole('alert').filter({ hasText: 'Not sent' }).count()).toBe(0);
  });
});
