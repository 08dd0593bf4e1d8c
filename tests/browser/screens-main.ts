import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildApp } from './built-app.ts';
import { launchChromium, openProfile } from './chromium.ts';
import { logIn } from './log-in.ts';
import { openScene, type Scene } from './scene.ts';
import { ServerProcess } from './server-process.ts';

/** Takes a picture of every screen in both themes and three widths: `node tests/browser/screens-main.ts <folder> [name part]`. */

const WIDTHS = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1_180 },
  desktop: { width: 1_280, height: 860 },
};

type Shot = { readonly name: string; readonly path: string; before?(page: Page): Promise<unknown> };

const shotsOf = (scene: Scene): readonly Shot[] => [
  { name: 'list', path: '/' },
  { name: 'direct', path: `/c/${scene.direct}` },
  { name: 'group', path: `/c/${scene.group}` },
  { name: 'busy', path: `/c/${scene.busy}` },
  { name: 'channel', path: `/c/${scene.channel}` },
  { name: 'about', path: `/c/${scene.group}/about` },
  {
    name: 'search',
    path: '/',
    before: async (page) => {
      await page.getByRole('searchbox').first().fill('a');
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'menu',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('[data-row]').nth(2).click({ button: 'right' });
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'info',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('.message-own').last().focus();
      await page.keyboard.press('i');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'emoji',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.waitForTimeout(800);
    },
  },
  {
    name: 'new-group',
    path: '/',
    before: async (page) => {
      await page.getByRole('button', { name: 'New conversation' }).click();
      await page.getByRole('menuitem', { name: 'New group' }).click();
      await page.getByLabel('People', { exact: true }).fill('b');
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'invite',
    path: '/',
    before: async (page) => {
      await page.getByRole('button', { name: 'New conversation' }).click();
      await page.getByRole('menuitem', { name: 'Invite people' }).click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'settings', path: '/settings' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'privacy', path: '/settings/privacy' },
  { name: 'appearance', path: '/settings/appearance' },
  { name: 'devices', path: '/settings/devices' },
  { name: 'shortcuts', path: '/settings/shortcuts' },
  { name: 'account', path: '/settings/account' },
  { name: 'admin', path: '/admin' },
  {
    name: 'offline',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.waitForTimeout(500);
      await page.context().setOffline(true);
      await page.waitForTimeout(2_500);
      await page.getByRole('textbox', { name: /Message to/ }).fill('This one waits for the network.');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(500);
    },
  },
];

const [folder = 'screens', part = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
buildApp();
const server = await ServerProcess.start();
const scene = await openScene(server.url);
const browser = await launchChromium();
try {
  for (const [width, viewport] of Object.entries(WIDTHS))
    for (const theme of ['light', 'dark'] as const) {
      if (!`${width}-${theme}`.includes(process.env.SCREENS ?? '')) continue;
      const profile = await openProfile(browser, server.url, {
        viewport,
        colorScheme: theme,
        hasTouch: width === 'phone',
        isMobile: width === 'phone',
      });
      const page = await profile.page();
      const take = (name: string) => page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
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
        await page.waitForTimeout(900);
        await shot
          .before?.(page)
          .catch((error: unknown) => console.error(shot.name, width, String(error).split('\n')[0]));
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
