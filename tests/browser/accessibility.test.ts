import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';
import { PASSWORD } from './people.ts';
import { openScene, type Scene } from './scene.ts';
import { describeOnStage } from './stage.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const pathsOf = (scene: Scene): readonly string[] => [
  '/',
  `/c/${scene.direct}`,
  `/c/${scene.group}`,
  `/c/${scene.group}/about`,
  `/c/${scene.channel}`,
  '/settings',
  '/settings/profile',
  '/settings/privacy',
  '/settings/appearance',
  '/settings/notifications',
  '/settings/devices',
  '/settings/shortcuts',
  '/settings/account',
  '/c/grp_0000000000000',
];

/** What axe-core finds against WCAG 2.2 AA, one line each. It is put in by the browser's debugger, past the page's own policy. */
async function findingsOf(page: Page, without: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axeSource });
  const results = await page.evaluate((disabled) => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
    return engine.run(document, { runOnly: { type: 'tag', values: tags }, rules, resultTypes: ['violations'] });
  }, without);
  await session.detach();
  return results.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(' ')} (${node.any[0]?.message ?? violation.help})`,
    ),
  );
}

/** Waits for what a screen loads. */
const settle = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};

/** Colours change over some frames, also where nobody wants motion. */
async function changeTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
}

type Look = (name: string, without?: readonly string[]) => Promise<void>;

/** Looks at what is on the screen, in both themes, and notes what is found under its name. */
function looker(page: Page, findings: Record<string, string[]>): Look {
  return async (name, without = []) => {
    await settle(page);
    for (const theme of ['light', 'dark'] as const) {
      await changeTheme(page, theme);
      const found = await findingsOf(page, without);
      if (found.length > 0) findings[`${name} (${theme})`] = found;
    }
  };
}

/** Everything that opens above the list. */
async function lookAtDialogs(page: Page, look: Look): Promise<void> {
  const close = async () => {
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
  };
  for (const item of ['New group', 'New channel', 'Invite people']) {
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.locator('.dialog').waitFor();
    await look(item);
    await close();
  }
  await page.getByRole('searchbox', { name: 'Search people and conversations' }).fill('a');
  await page.locator('.search-result').first().waitFor();
  await look('search');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.locator('.emoji-grid button').first().waitFor();
  // It floats above the page and is in none of its regions.
  await look('emoji', ['region']);
  await page.keyboard.press('Escape');
}

describeOnStage('Every screen', (stage) => {
  test('has nothing that axe-core finds against WCAG 2.2 AA, in light and dark', async () => {
    const scene = await openScene(stage.server.url, 5);
    const page = await (await stage.profile()).page();
    const findings: Record<string, string[]> = {};
    const look = looker(page, findings);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await look('log in');
    await page.getByRole('button', { name: 'Make an account' }).click();
    await look('make an account');
    await page.getByRole('button', { name: 'Log in' }).click();
    await logIn(page, 'ada');
    for (const path of pathsOf(scene)) {
      await page.goto(stage.server.url + path);
      await page.getByRole('main').first().waitFor();
      await look(path.replace(/(dir|grp|chn)_\w+/, '$1'));
    }
    await page.goto(`${stage.server.url}/c/${scene.group}`);
    // The field takes the focus when the conversation is there: a key that a row gets before would go to the field.
    await page.locator('textarea:focus').waitFor();
    await openMenuOfLastRow(page);
    // A menu floats above the page and is in none of its regions.
    await look('message menu', ['region']);
    await page.keyboard.press('Escape');
    for (const [key, name] of [
      ['i', 'message details'],
      ['Delete', 'delete'],
      ['f', 'forward'],
      [':', 'react'],
    ] as const) {
      await page.locator('[data-row]').last().focus();
      await page.keyboard.press(key);
      await page.locator('.dialog').waitFor();
      await look(name);
      await page.keyboard.press('Escape');
      await page.locator('.dialog').waitFor({ state: 'detached' });
    }
    await lookAtDialogs(page, look);
    await scene.close();
    const owner = await (await stage.profile()).page();
    await logIn(owner, 'owner');
    await owner.goto(`${stage.server.url}/admin`);
    await owner.locator('.entry-row').first().waitFor();
    await looker(owner, findings)('administration');
    expect(findings).toEqual({});
  }, 240_000);

  test('is laid out from right to left for those who read so, and nothing is cut off', async () => {
    const scene = await openScene(stage.server.url, 3, 'rtl');
    const profile = await stage.profile({ viewport: { width: 390, height: 844 } });
    const page = await profile.page();
    await page.evaluate(() => localStorage.setItem('parley.preferences', JSON.stringify({ locale: 'ar-XA' })));
    await page.reload();
    await page.locator('input').first().fill('ada.rtl');
    await page.locator('input[type=password]').fill('correct horse battery');
    await page.keyboard.press('Enter');
    await page.locator('.conversation-row').first().waitFor();
    for (const path of ['/', `/c/${scene.group}`, `/c/${scene.group}/about`, '/settings', '/settings/account']) {
      await page.goto(stage.server.url + path);
      await settle(page);
      expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
      // Nothing reaches beyond the edge of the window.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    await page.goto(`${stage.server.url}/c/${scene.group}`);
    const own = await page.locator('.message-own .bubble').first().boundingBox();
    expect(own?.x).toBeLessThan(40);
    await scene.close();
  }, 90_000);
});

describeOnStage(
  'Setting a place up',
  (stage) => {
    test('has nothing that axe-core finds against WCAG 2.2 AA, step by step and in both themes', async () => {
      const page = await (await stage.profile()).page();
      const findings: Record<string, string[]> = {};
      const look = looker(page, findings);
      await page.getByLabel('Your name').fill('Ada Sandberg');
      await page.getByLabel('Password').fill(PASSWORD);
      await look('you');
      await page.keyboard.press('Enter');
      await page.getByLabel('Name of the place').fill('Hill House');
      await look('place');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Hill House is open' }).waitFor();
      await look('ready');
      await page.getByRole('button', { name: 'Start talking' }).click();
      await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
      await look('empty');
      await page.goto(`${stage.server.url}/admin`);
      await page.locator('.entry-row').nth(1).waitFor();
      await look('administration with an invitation');
      await page.getByRole('button', { name: 'Invite people' }).first().click();
      await page.locator('.dialog').waitFor();
      await look('make an invitation');
      const stranger = await (await stage.profile()).page('/join');
      await stranger.getByText('People join here by invitation.').waitFor();
      expect(await findingsOf(stranger, [])).toEqual([]);
      expect(findings).toEqual({});
    }, 120_000);
  },
  { isNew: true },
);

/** A row that is drawn anew while the page synchronises loses the focus, and the key with it: then it is pressed again. */
async function openMenuOfLastRow(page: Page): Promise<void> {
  const menu = page.getByRole('menu');
  for (let tries = 0; tries < 3 && !(await menu.isVisible()); tries += 1) {
    await page.locator('[data-row]').last().press('Enter');
    await menu.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
  await menu.waitFor();
}
