import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROUTES } from '@parley/protocol';
import type { Browser, Page } from 'playwright-core';
import { buildApp } from './built-app.ts';
import { launchChromium, openProfile } from './chromium.ts';
import { logIn } from './log-in.ts';
import { PASSWORD } from './people.ts';
import { openScene, type Scene } from './scene.ts';
import { ServerProcess } from './server-process.ts';

/**
 * Takes a picture of every screen in both themes and three widths: `bin/run tests/browser/screens-main.ts FOLDER [NAME PART] [WIDTH-THEME PART]`, for
 * example `… screens group phone-dark`. They are for looking at: text is drawn by the fonts of the machine, so pictures of two machines differ.
 */

const WIDTHS = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1_180 },
  desktop: { width: 1_280, height: 860 },
};

type Shot = { readonly name: string; readonly path: string; before?(page: Page): Promise<unknown> };

const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true }).click();

async function onOwnMessage(page: Page, key: string): Promise<void> {
  await page.locator('.message-own').last().focus();
  await page.keyboard.press(key);
  await page.locator('.dialog').waitFor();
}

async function startNew(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await menuItem(page, item);
  await page.locator('.dialog').waitFor();
}

const shotsOf = (scene: Scene): readonly Shot[] => [
  { name: 'list', path: '/' },
  { name: 'direct', path: `/c/${scene.direct}` },
  { name: 'group', path: `/c/${scene.group}` },
  { name: 'busy', path: `/c/${scene.busy}` },
  { name: 'channel', path: `/c/${scene.channel}` },
  { name: 'long', path: `/c/${scene.long}/about` },
  { name: 'about', path: `/c/${scene.group}/about` },
  { name: 'absent', path: '/c/grp_0000000000000' },
  {
    name: 'search',
    path: '/',
    before: async (page) => {
      await page.getByRole('searchbox').first().fill('a');
      await page.locator('.search-result').first().waitFor();
    },
  },
  {
    name: 'new-menu',
    path: '/',
    before: async (page) => {
      await page.getByRole('button', { name: 'New conversation' }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'menu',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('[data-row]').nth(2).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'info', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'i') },
  { name: 'delete', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'Delete') },
  { name: 'forward', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'f') },
  {
    name: 'reply',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('.message').nth(1).focus();
      await page.keyboard.press('r');
      await page.getByRole('textbox', { name: /Message to/ }).fill('Ridge path it is. @ch');
      await page.locator('.mention-list').waitFor();
    },
  },
  {
    name: 'emoji',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.locator('.emoji-grid button').first().waitFor();
    },
  },
  {
    name: 'new-group',
    path: '/',
    before: async (page) => {
      await startNew(page, 'New group');
      await page.getByLabel('People', { exact: true }).fill('b');
      await page.locator('.pick-row').first().waitFor();
    },
  },
  { name: 'new-channel', path: '/', before: (page) => startNew(page, 'New channel') },
  { name: 'invite', path: '/', before: (page) => startNew(page, 'Invite people') },
  { name: 'settings', path: '/settings' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'privacy', path: '/settings/privacy' },
  { name: 'appearance', path: '/settings/appearance' },
  { name: 'notifications', path: '/settings/notifications' },
  { name: 'devices', path: '/settings/devices' },
  { name: 'shortcuts', path: '/settings/shortcuts' },
  { name: 'account', path: '/settings/account' },
  { name: 'admin', path: '/admin' },
  {
    name: 'offline',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.locator('.message').first().waitFor();
      await page.context().setOffline(true);
      await page.getByRole('textbox', { name: /Message to/ }).fill('This one waits for the network.');
      await page.keyboard.press('Enter');
      await page.locator('.message-why').waitFor();
      await page.locator('.connection-line').waitFor();
    },
  },
];

/** Waits for what the screen loads and for motion to end. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => {
    // One that repeats for ever has no end to wait for.
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    return Promise.all(ending.map((one) => one.finished.catch(() => undefined))).then(() => undefined);
  });
}

type Take = (name: string) => Promise<unknown>;

/** On a server of its own, because the first run happens once. */
async function takeFirstRun(browser: Browser, look: object, take: (page: Page) => Take): Promise<void> {
  const server = await ServerProcess.start();
  const { context, page: open } = await openProfile(browser, server.url, look);
  const page = await open();
  await page.getByLabel('Your name').fill('Ada Sandberg');
  await page.getByLabel('Password').fill(PASSWORD);
  await settled(page);
  await take(page)('first-run-1');
  await page.keyboard.press('Enter');
  await page.getByLabel('Name of the place').fill('Hill House');
  await settled(page);
  await take(page)('first-run-2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Hill House is open' }).waitFor();
  await settled(page);
  await take(page)('first-run-3');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  await settled(page);
  await take(page)('empty');
  await page.goto(`${server.url}/admin`);
  await page.locator('.entry-row').first().waitFor();
  await settled(page);
  await take(page)('admin-invitations');
  const guest = await (await openProfile(browser, server.url, look)).page('/join');
  await guest.getByText('by invitation').waitFor();
  await take(guest)('join-uninvited');
  await guest.context().close();
  await context.close();
  await server.close();
}

const [folder = 'screens', part = '', wanted = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
buildApp();
const server = await ServerProcess.start();
const scene = await openScene(server.url);
await scene.people.ada.api.call(ROUTES.updateServer, { body: { name: 'Hill House' } });
const browser = await launchChromium();
try {
  for (const [width, viewport] of Object.entries(WIDTHS))
    for (const theme of ['light', 'dark'] as const) {
      if (!`${width}-${theme}`.includes(wanted)) continue;
      const look = { viewport, colorScheme: theme, hasTouch: width === 'phone', isMobile: width === 'phone' };
      const takeOf =
        (page: Page): Take =>
        (name) =>
          page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
      if (['first-run', 'empty', 'admin-invitations', 'join-uninvited'].some((name) => name.includes(part)))
        await takeFirstRun(browser, look, takeOf);
      const profile = await openProfile(browser, server.url, look);
      const page = await profile.page();
      const take = takeOf(page);
      await page.getByRole('button', { name: 'Log in' }).waitFor();
      if ('sign-in'.includes(part)) await take('sign-in');
      if ('join'.includes(part)) {
        await page.getByRole('button', { name: 'Make an account' }).click();
        await take('join');
        await page.getByRole('button', { name: 'Log in' }).click();
      }
      await logIn(page, 'ada');
      for (const shot of shotsOf(scene).filter(({ name }) => name.includes(part))) {
        await page.goto(server.url + shot.path);
        await settled(page);
        await shot
          .before?.(page)
          .catch((error: unknown) => console.error(shot.name, width, String(error).split('\n')[0]));
        await settled(page);
        await take(shot.name);
        await page.context().setOffline(false);
      }
      for (const problem of new Set(profile.problems)) console.error(`${width} ${theme}: ${problem}`);
      await profile.context.close();
    }
} finally {
  await browser.close();
  await scene.close();
  await server.close();
}
