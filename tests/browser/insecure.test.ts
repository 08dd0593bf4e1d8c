import { ROUTES } from '@parley/protocol';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, onMessage, openFromList, openWith, said, tickOf, write } from './chat-page.ts';
import { INSECURE_HOST } from './chromium.ts';
import { until } from './people.ts';
import { describeOnStage, type Stage } from './stage.ts';

/** What the browser itself notes: each request that failed, and that one header (which counts behind a proxy with https) is of no use here. */
const NOTES = /ERR_|WebSocket connection|Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/;

/** As on the box of a family: http and a name, where a browser gives neither Web Locks nor a service worker. */
const insecureUrl = (stage: Stage): string => stage.server.url.replace('localhost', INSECURE_HOST);

const delivered = (page: Page, text: string) =>
  tickOf(page, text).and(page.locator('[data-tick="delivered"]')).waitFor();

const connections = async (stage: Stage): Promise<number> =>
  (await stage.owner.api.call(ROUTES.getStats, {})).connections;

/** Every message that the owner has got, in order. */
async function heardByOwner({ owner }: Stage, count: number): Promise<readonly (string | undefined)[]> {
  const held = () =>
    Object.values(owner.store.getSnapshot().conversations).find(({ resource }) => resource.message_count >= count);
  await until(owner, () => held() !== undefined);
  const id = held()?.resource.conversation_id;
  if (id === undefined) return [];
  await owner.openConversation(id);
  const items = owner.store.getSnapshot().conversations[id]?.timeline.items ?? [];
  return items.flatMap((item) => (item.kind === 'message' ? [item.message.content?.text] : []));
}

describeOnStage('A page without https', (stage) => {
  test('[SEND-4] keeps the login, the history and what waits, and sends it once', async () => {
    const page = await stage.newcomer('Nils Holm', 'nils', { expected: NOTES, at: insecureUrl(stage) });
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await openWith(page, 'Owner of the place');
    await write(page, 'Before');
    await delivered(page, 'Before');
    const context = page.context();
    await context.setOffline(true);
    await write(page, 'Waits on the device');
    await said(page, 'Waits on the device').getByText('also after a restart').waitFor();
    await page.close();
    await context.setOffline(false);

    const again = await context.newPage();
    await again.goto(insecureUrl(stage));
    await openFromList(again, 'Owner of the place');
    await delivered(again, 'Waits on the device');
    await again.reload();
    await said(again, 'Before').waitFor();
    await write(again, 'After');
    await delivered(again, 'After');
    expect(await heardByOwner(stage, 3)).toEqual(['Before', 'Waits on the device', 'After']);

    await onMessage(again, 'After', 'Copy text');
    await composer(again).press('Control+v');
    expect(await composer(again).inputValue()).toBe('After');
    await again.goto(`${insecureUrl(stage)}/settings/notifications`);
    await again.getByText('only of pages with https').waitFor();
  }, 60_000);
});

describeOnStage('Several tabs of one profile without https', (stage) => {
  test('[CONN-12] are one connection; when one is closed, killed or frozen another takes over, and a frozen one that wakes follows it', async () => {
    const first = await stage.newcomer('Olga Brandt', 'olga', { expected: NOTES, at: insecureUrl(stage) });
    await openWith(first, 'Owner of the place');
    await write(first, 'One');
    await delivered(first, 'One');
    const context = first.context();
    const open = async () => {
      const tab = await context.newPage();
      await tab.goto(first.url());
      await said(tab, 'One').waitFor();
      return tab;
    };
    const second = await open();
    await write(second, 'Two');
    for (const tab of [first, second]) await delivered(tab, 'Two');
    // The owner's and the one that the tabs share.
    expect(await connections(stage)).toBe(2);

    await first.close();
    await write(second, 'Three');
    await delivered(second, 'Three');
    const third = await open();
    await second.goto('chrome://crash').catch(() => undefined);
    await write(third, 'Four');
    await delivered(third, 'Four');

    const fourth = await open();
    // Stopped at whatever it does next, as a frozen tab is; its connection stays open.
    const debugging = await context.newCDPSession(third);
    await debugging.send('Debugger.enable');
    await debugging.send('Debugger.pause');
    await write(fourth, 'Five');
    await delivered(fourth, 'Five');
    // The frozen tab's connection is still there, so it was the fourth that sent.
    expect(await connections(stage)).toBe(3);
    await debugging.send('Debugger.resume');
    await debugging.send('Debugger.disable');
    await delivered(third, 'Five');
    await expect.poll(() => connections(stage)).toBe(2);
    await write(third, 'Six');
    for (const tab of [third, fourth]) await delivered(tab, 'Six');
    expect(await connections(stage)).toBe(2);
    expect(await heardByOwner(stage, 6)).toEqual(['One', 'Two', 'Three', 'Four', 'Five', 'Six']);
  }, 90_000);
});
