import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROUTES } from '@parley/protocol';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildApp } from './built-app.ts';
import { launchChromium, openProfile } from './chromium.ts';
import { logIn } from './log-in.ts';
import { PASSWORD } from './people.ts';
import { openScene } from './scene.ts';
import { addHardCases, crowd, type Shot, shotsOf } from './screen-shots.ts';
import { ServerProcess } from './server-process.ts';

/**
 * Takes a picture of every screen in both themes and three widths: `bin/run tests/browser/screens-main.ts FOLDER [NAME PART] [WIDTH-THEME PART]`, for
 * example `… screens group phone-dark`; `mirrored` and `german` are further themes. The group of 1,024 takes a while to make, so it is there only when `crowd` is asked for.
 * They are for looking at: text is drawn by the fonts of the machine, so pictures of two machines differ.
 */

/** English in mirror writing, as somebody who reads from right to left gets the app, and German, whose words are long. */
const SPOKEN = { mirrored: 'ar-XA', german: 'de' } as const;

const THEMES = ['light', 'dark', 'mirrored', 'german'] as const;
type Theme = (typeof THEMES)[number];

const WIDTHS = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1_180 },
  desktop: { width: 1_280, height: 860 },
};

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
const shots = [...shotsOf(scene), ...(await addHardCases(server.url, scene))];
if (part === 'crowd') shots.push(...(await crowd(server.url, scene)));
const browser = await launchChromium();

/** Takes all of one width and theme that are asked for. */
async function takeAll(look: BrowserContextOptions, theme: Theme, takeOf: (page: Page) => Take): Promise<void> {
  const locale = theme === 'mirrored' || theme === 'german' ? SPOKEN[theme] : undefined;
  const isEnglish = locale === undefined;
  if (isEnglish && ['first-run', 'empty', 'admin-invitations', 'join-uninvited'].some((name) => name.includes(part)))
    await takeFirstRun(browser, look, takeOf);
  const profile = await openProfile(browser, server.url, { ...look, serviceWorkers: 'block' });
  const page = await profile.page();
  const take = takeOf(page);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  if (isEnglish && 'sign-in'.includes(part)) await take('sign-in');
  if (isEnglish && 'join'.includes(part)) {
    await page.getByRole('button', { name: 'Make an account' }).click();
    await take('join');
    await page.getByRole('button', { name: 'Log in' }).click();
  }
  await logIn(page, 'ada');
  await page.locator('.conversation-row').first().waitFor();
  if (!isEnglish)
    await page.evaluate(
      (stored) => localStorage.setItem('parley.preferences', stored),
      JSON.stringify({ locale, theme: 'light' }),
    );
  // What is done before a picture is told in English.
  const isWanted = ({ name, before }: Shot) => name.includes(part) && (isEnglish || before === undefined);
  for (const shot of shots.filter(isWanted)) {
    await shot.setUp?.(page);
    await page.goto(server.url + shot.path);
    if (shot.setUp === undefined) await settled(page);
    await shot.before?.(page).catch((error: unknown) => console.error(shot.name, String(error).split('\n')[0]));
    if (shot.setUp === undefined) await settled(page);
    await take(shot.name);
    await page.context().setOffline(false);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
  for (const problem of new Set(profile.problems)) console.error(problem);
  await profile.context.close();
}

try {
  for (const [width, viewport] of Object.entries(WIDTHS))
    for (const theme of THEMES) {
      if (!`${width}-${theme}`.includes(wanted)) continue;
      const look = {
        viewport,
        colorScheme: theme === 'dark' ? 'dark' : 'light',
        hasTouch: width === 'phone',
        isMobile: width === 'phone',
      } as const;
      await takeAll(
        look,
        theme,
        (page) => (name) => page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) }),
      );
    }
} finally {
  await browser.close();
  await scene.close();
  await server.close();
}
