import { expect, test } from 'vitest';
import { composer, openWith, said, tickOf, write } from './chat-page.ts';
import { NewerApp } from './newer-app.ts';
import { PASSWORD } from './people.ts';
import { describeOnStage } from './stage.ts';

/** What a page may say when its server is away. */
const AWAY = /ERR_|WebSocket connection|Failed to load resource/;

describeOnStage('A newer version of the app', (stage) => {
  test('is offered, waits until somebody takes it, and taking it loses neither the draft nor what waits to be sent', async () => {
    const app = await NewerApp.before(stage.server.url);
    const profile = await stage.profileAt(app.url, { expected: AWAY });
    const page = await profile.page('/join');
    await page.getByLabel('Your name').fill('Quinn Abara');
    await page.getByLabel('Username').fill('quinn');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make an account' }).click();
    await openWith(page, 'Owner of the place');
    await write(page, 'Before the update');
    await tickOf(page, 'Before the update').and(page.locator('[data-tick="delivered"]')).waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

    app.loseServer();
    await page.getByText('The server cannot be reached').or(page.getByText('was interrupted')).first().waitFor();
    await write(page, 'Written while the server was away');
    await said(page, 'Written while the server was away').getByText('Waits').waitFor();
    await composer(page).fill('Half a thought');
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));

    app.publish();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const offer = page.getByRole('status').filter({ hasText: 'A newer version of this app is ready.' });
    await offer.waitFor();
    // Nobody took it: this page goes on as it is, and another one opens with the version that is in use.
    const other = await profile.page(new URL(page.url()).pathname);
    await said(other, 'Before the update').waitFor();
    await other.getByText('A newer version of this app is ready.').waitFor();
    expect(await other.locator('meta[name="newer-version"]').count()).toBe(0);
    expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
    expect(await composer(page).inputValue()).toBe('Half a thought');

    await offer.getByRole('button', { name: 'Use it now' }).click();
    for (const tab of [page, other]) {
      await tab.locator('meta[name="newer-version"]').waitFor({ state: 'attached' });
      await said(tab, 'Written while the server was away').getByText('Waits').waitFor();
      await expect.poll(() => composer(tab).inputValue()).toBe('Half a thought');
      expect(await tab.getByText('A newer version of this app is ready.').count()).toBe(0);
    }

    app.findServer();
    await tickOf(page, 'Written while the server was away')
      .and(page.locator('[data-tick="delivered"]'))
      .waitFor({ timeout: 40_000 });
    expect(await said(page, 'Written while the server was away').count()).toBe(1);
    const { conversations } = stage.owner.store.getSnapshot();
    expect(Object.values(conversations).map(({ resource }) => resource.message_count)).toEqual([2]);
    await stage.settle();
    await app.close();
  }, 120_000);
});
