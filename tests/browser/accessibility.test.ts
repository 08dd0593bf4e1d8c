import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';
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
  '/admin',
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

/** Waits for what a screen loads and for motion to end. */
const settle = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};

describeOnStage('Every screen', (stage) => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`has nothing that axe-core finds against WCAG 2.2 AA (${colorScheme})`, async () => {
      const scene = await openScene(stage.server.url, 5, colorScheme);
      const page = await (await stage.profile({ colorScheme, reducedMotion: 'reduce' })).page();
      const findings: Record<string, string[]> = {};
      const look = async (name: string, without: readonly string[] = []) => {
        await settle(page);
        const found = await findingsOf(page, without);
        if (found.length > 0) findings[name] = found;
      };
      await page.getByRole('button', { name: 'Log in' }).waitFor();
      await look('log in');
      await page.getByRole('button', { name: 'Make an account' }).click();
      await look('make an account');
      await page.getByRole('button', { name: 'Log in' }).click();
      await logIn(page, `ada.${colorScheme}`);
      for (const path of pathsOf(scene)) {
        await page.goto(stage.server.url + path);
        await page.getByRole('main').first().waitFor();
        await look(path.replace(/(dir|grp|chn)_\w+/, '$1'));
      }
      await page.goto(`${stage.server.url}/c/${scene.group}`);
      const menu = page.getByRole('menu');
      // The list may still be taking in what arrived: a key that met the row before is pressed again.
      const opened = async () => {
        if (!(await menu.isVisible())) await page.locator('[data-row]').last().press('Enter');
        return menu.isVisible();
      };
      await expect.poll(opened, { interval: 1_000, timeout: 20_000 }).toBe(true);
      // A menu floats above the page and is in none of its regions.
      await look('message menu', ['region']);
      await page.keyboard.press('Escape');
      for (const [key, name] of [
        ['i', 'message details'],
        ['Delete', 'delete'],
        ['f', 'forward'],
        ['+', 'react'],
      ] as const) {
        await page.locator('[data-row]').last().focus();
        await page.keyboard.press(key);
        await page.locator('.dialog').waitFor();
        await look(name);
        await page.keyboard.press('Escape');
        await page.locator('.dialog').waitFor({ state: 'detached' });
      }
      await scene.close();
      expect(findings).toEqual({});
    }, 180_000);

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
