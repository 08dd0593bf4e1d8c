import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openFromList, openWith, said } from './chat-page.ts';
import { logIn } from './log-in.ts';
import { idOf, join, until } from './people.ts';
import { flood } from './scene.ts';
import { describeOnStage } from './stage.ts';

/** Several times what a device holds of one conversation. */
const MESSAGES = 5_000;

const PATIENTLY = { timeout: 30_000 };

/** Only what is near the window is drawn: in this one everything that two people say here has room, also while it waits and says why. */
const TALL = { viewport: { width: 1_000, height: 2_400 } };

/** The numbers of the messages, from top to bottom. */
const drawn = (page: Page): Promise<number[]> =>
  page
    .locator('.message-text')
    .evaluateAll((texts) => texts.map((text) => Number(/Number (\d+)\./.exec(text.textContent)?.[1])));

/** Those of them that are on the screen: the row that Tab would reach is drawn wherever it is. */
const seen = (page: Page): Promise<number[]> =>
  page.locator('.timeline-scroll').evaluate((scroller) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll('.message-text')].flatMap((text) => {
      const place = text.getBoundingClientRect();
      return place.bottom < top || place.top > bottom ? [] : [Number(/Number (\d+)\./.exec(text.textContent)?.[1])];
    });
  });

/** Scrolls by so much in every frame until these words are drawn. */
const race = (page: Page, step: number, words: string): Promise<void> =>
  page.locator('.timeline-scroll').evaluate(
    async (scroller, [px, text]) => {
      const deadline = performance.now() + 90_000;
      while (!scroller.textContent?.includes(text)) {
        if (performance.now() > deadline) throw new Error(`"${text}" did not come in time.`);
        scroller.scrollBy(0, px);
        await new Promise(requestAnimationFrame);
      }
    },
    [step, words] as const,
  );

describeOnStage('A long history', (stage) => {
  test(`[SYNC-6] [HIST-1] ${MESSAGES} messages: opens at the first unread, keeps its place when older ones come, is whole to its beginning and to its end`, async () => {
    const uma = await join(stage.server.url, 'Uma Rossi', 'uma');
    const vic = await join(stage.server.url, 'Vic Blom', 'vic');
    const { conversation_id: id } = await uma.createDirect(idOf(vic));
    await flood(uma, id, MESSAGES, (number) => `Number ${number}.`);
    await until(vic, () => vic.store.getSnapshot().conversations[id]?.resource.message_count === MESSAGES, 90_000);
    const head = vic.store.getSnapshot().conversations[id]?.resource.head_seq ?? 0;
    vic.markRead(id, head - 500);
    await until(vic, () => vic.store.getSnapshot().conversations[id]?.resource.unread_count === 500);

    const page = await (await stage.profile()).page();
    await logIn(page, 'vic');
    await page.locator('.conversation-row .badge', { hasText: '500' }).waitFor();
    await openFromList(page, 'Uma Rossi');
    const first = said(page, `Number ${MESSAGES - 499}.`);
    await first.waitFor();
    await page.locator('.timeline-unread').waitFor();
    // The line of what is new stands at the top of the window.
    const top = (await page.locator('.timeline-scroll').boundingBox())?.y ?? 0;
    await expect.poll(async () => ((await first.boundingBox())?.y ?? 0) - top, PATIENTLY).toBeLessThan(160);

    // Upwards, page after page: no message is missing, doubled or out of order, and what was on the screen stays where it was.
    await first.hover();
    let lowest = MESSAGES;
    for (let turn = 0; turn < 6; turn += 1) {
      await page.mouse.wheel(0, -2_000);
      await expect.poll(async () => (await seen(page))[0] ?? lowest, PATIENTLY).toBeLessThan(lowest);
      const numbers = await seen(page);
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
      lowest = numbers[0] ?? 0;
    }
    // To the end by the button, to an old message by its address, and on to the very beginning.
    await page.getByRole('button', { name: 'Go to the newest message' }).click();
    await said(page, `Number ${MESSAGES}.`).waitFor();
    await page.goto(`${stage.server.url}/c/${id}/40`);
    await said(page, 'Number 30.').first().waitFor();
    await page.locator('.timeline-scroll').hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -3_000);
        return page.getByText('This is where the conversation begins.').count();
      }, PATIENTLY)
      .toBe(1);
    await expect.poll(async () => (await seen(page)).slice(0, 3), PATIENTLY).toEqual([1, 2, 3]);
    // All the way down as fast as it goes, far beyond the messages that are held at once, and back to the first ones, which were let go.
    await race(page, 1_500, `Number ${MESSAGES}.`);
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 3_000);
        return (await seen(page)).at(-1);
      }, PATIENTLY)
      .toBe(MESSAGES);
    await race(page, -1_500, 'This is where the conversation begins.');
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -3_000);
        return (await seen(page)).slice(0, 3);
      }, PATIENTLY)
      .toEqual([1, 2, 3]);
    await uma.close();
    await vic.close();
  }, 240_000);
});

describeOnStage('A server that is killed', (stage) => {
  test('[SEND-1] [SEND-4] in the middle of a talk: both go on writing, and both see everything once and in the same order', async () => {
    const away = /ERR_|WebSocket connection|Failed to load resource/;
    const wes = await stage.newcomer('Wes Adler', 'wes', { expected: away, ...TALL });
    const xia = await stage.newcomer('Xia Chen', 'xia', { expected: away, ...TALL });
    await openWith(wes, 'Xia Chen');
    const say = async (page: Page, text: string) => {
      await page.getByRole('textbox', { name: /^Message to/ }).fill(text);
      await page.keyboard.press('Enter');
    };
    await say(wes, 'Number 1.');
    await openFromList(xia, 'Wes Adler');
    await said(xia, 'Number 1.').waitFor();
    for (let number = 2; number <= 6; number += 2) {
      await say(wes, `Number ${number}.`);
      await say(xia, `Number ${number + 1}.`);
    }
    await stage.server.kill();
    for (let number = 8; number <= 12; number += 2) {
      await say(wes, `Number ${number}.`);
      await say(xia, `Number ${number + 1}.`);
    }
    await stage.server.startAgain();
    // As when a device finds its network again; else each waits up to 30 s for its next try.
    for (const page of [wes, xia]) await page.evaluate(() => dispatchEvent(new Event('online')));
    const everything = Array.from({ length: 13 }, (_, index) => index + 1);
    for (const page of [wes, xia])
      await expect
        .poll(async () => (await drawn(page)).sort((one, other) => one - other), { timeout: 60_000 })
        .toEqual(everything);
    await expect.poll(() => wes.locator('[data-waiting]').count(), { timeout: 60_000 }).toBe(0);
    await expect.poll(() => xia.locator('[data-waiting]').count(), { timeout: 60_000 }).toBe(0);
    expect(await drawn(wes)).toEqual(await drawn(xia));
  }, 180_000);
});
