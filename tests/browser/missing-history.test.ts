import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openFromList, said } from './chat-page.ts';
import { logIn } from './log-in.ts';
import { idOf, join, until } from './people.ts';
import { flood } from './scene.ts';
import { describeOnStage, type Stage } from './stage.ts';

const MESSAGES = 120;
const AWAY = /ERR_|WebSocket connection|Failed to load resource|Service Worker registration blocked/;
const OLDER_PAGES = /\/messages\?.*before_seq/;

/** A page at the end of a conversation of 120 messages, of which only the newest 50 are on this device. */
async function openAtEnd(stage: Stage, reader: string, writer: string): Promise<Page> {
  const uma = await join(stage.server.url, `Uma ${writer}`, writer);
  const vic = await join(stage.server.url, `Vic ${reader}`, reader);
  const { conversation_id: id } = await uma.createDirect(idOf(vic));
  await flood(uma, id, MESSAGES, (number) => `Number ${number}.`);
  await until(vic, () => vic.store.getSnapshot().conversations[id]?.resource.message_count === MESSAGES);
  vic.markRead(id);
  await until(vic, () => vic.store.getSnapshot().conversations[id]?.resource.unread_count === 0);
  await Promise.all([uma.close(), vic.close()]);
  const page = await (await stage.profile({ expected: AWAY, serviceWorkers: 'block' })).page();
  await logIn(page, reader);
  await page.locator('.conversation-row', { hasText: `Uma ${writer}` }).waitFor();
  return page;
}

/** The virtual list corrects a jump of its own for 150 ms: so many frames without a movement are longer. */
const REST_FRAMES = 20;

/** Goes up to the edge of what is held, once the timeline has come to rest at its end; from there on nobody moves. */
const toTop = (page: Page): Promise<void> =>
  page.locator('.timeline-scroll').evaluate(async (scroller, frames) => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let still = 0, last = -1; still < frames; last = scroller.scrollTop) {
      await frame();
      const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2 && scroller.scrollTop > 0;
      still = isAtEnd && scroller.scrollTop === last ? still + 1 : 0;
    }
    scroller.scrollTo(0, 0);
  }, REST_FRAMES);

describeOnStage('A page of history that does not come', (stage) => {
  test('[HIST-1] is asked for again by itself, and meanwhile a line says why, with a button', async () => {
    const page = await openAtEnd(stage, 'vic', 'uma');
    let asked = 0;
    await page.route(OLDER_PAGES, (route) => {
      asked += 1;
      return asked <= 2 ? route.abort() : route.continue();
    });
    await openFromList(page, 'Uma uma');
    await said(page, `Number ${MESSAGES}.`).waitFor();
    await toTop(page);
    const line = page
      .getByRole('status')
      .filter({ hasText: 'Older messages could not be loaded. The server did not answer.' });
    await line.getByRole('button', { name: 'Try now' }).waitFor();
    // Nobody does anything: it comes all the same, and what was on the screen stays where it was.
    await line.waitFor({ state: 'detached' });
    expect(asked).toBeGreaterThanOrEqual(3);
    await expect.poll(() => page.locator('.timeline-scroll').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  }, 60_000);

  test('[HIST-1] is asked for at once by the button', async () => {
    const page = await openAtEnd(stage, 'wim', 'ute');
    let isBroken = true;
    await page.route(OLDER_PAGES, (route) => (isBroken ? route.abort() : route.continue()));
    await openFromList(page, 'Uma ute');
    await said(page, `Number ${MESSAGES}.`).waitFor();
    await toTop(page);
    const line = page.getByRole('status').filter({ hasText: 'Older messages could not be loaded.' });
    await line.waitFor();
    isBroken = false;
    await line.getByRole('button', { name: 'Try now' }).click();
    await line.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.timeline-scroll').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  }, 60_000);

  test('[HIST-1] comes with the connection', async () => {
    const page = await openAtEnd(stage, 'xan', 'ulf');
    await openFromList(page, 'Uma ulf');
    await said(page, `Number ${MESSAGES}.`).waitFor();
    await page.context().setOffline(true);
    await toTop(page);
    const line = page.getByRole('status').filter({ hasText: 'They are loaded as soon as you are connected.' });
    await line.waitFor();
    await page.context().setOffline(false);
    await line.waitFor({ state: 'detached', timeout: 40_000 });
    await expect.poll(() => page.locator('.timeline-scroll').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  }, 90_000);
});
