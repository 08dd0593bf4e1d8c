import { mkdir } from 'node:fs/promises';
import { join as pathOf } from 'node:path';
import { ROUTES } from '@parley/protocol';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildApp } from './built-app.ts';
import { launchChromium, openProfile } from './chromium.ts';
import { logIn } from './log-in.ts';
import { NewerApp } from './newer-app.ts';
import { idOf, join, PASSWORD } from './people.ts';
import { openScene } from './scene.ts';
import { addHardCases, crowd, shotsOf } from './screen-shots.ts';
import { ServerProcess } from './server-process.ts';

/**
 * Takes a picture of every screen in both themes and three widths: `bin/run tests/browser/screens-main.ts FOLDER [NAME PART] [WIDTH-THEME PART]`, for
 * example `… screens group phone-dark`; `mirrored` and `german` are further themes. The group of 1,024 takes a while to make, so it is there only when `crowd` is asked for.
 * They are for looking at: text is drawn by the fonts of the machine, so pictures of two machines differ.
 */

/** English in mirror writing, as somebody who reads from right to left gets the app, and German, whose words are long. */
const SPOKEN = { mirrored: 'ar-XA', german: 'de' } as const;

const THEMES = ['light', 'dark', 'mirrored', 'german'] as const;

const WIDTHS = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1_180 },
  desktop: { width: 1_280, height: 860 },
};

/** Waits for what the screen loads and for motion to end. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await still(page);
}

async function still(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => {
    // One that repeats for ever has no end to wait for.
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    return Promise.all(ending.map((one) => one.finished.catch(() => undefined))).then(() => undefined);
  });
}

type Take = (name: string) => Promise<unknown>;

/** The language is changed under what is on the screen, as the settings do it: what leads to a picture is told in English. */
async function speak(page: Page, locale: string): Promise<void> {
  await page.evaluate((wanted) => {
    const key = 'parley.preferences';
    localStorage.setItem(key, JSON.stringify({ locale: wanted }));
    dispatchEvent(new StorageEvent('storage', { key }));
  }, locale);
  await page.locator(`html[lang="${locale}"]`).waitFor();
  // What floats looks for its place again.
  await page.evaluate(() => dispatchEvent(new Event('resize')));
  await still(page);
}

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
  await page.goto(`${server.url}/settings/account`);
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByText('You are the only person here').waitFor();
  await settled(page);
  await take(page)('delete-account-alone');
  const guest = await (await openProfile(browser, server.url, look)).page('/join');
  await guest.getByText('by invitation').waitFor();
  await take(guest)('join-uninvited');
  await guest.context().close();
  await context.close();
  await server.close();
}

/** A place that its operator has closed, with two administrators. */
async function takeClosed(browser: Browser, look: object, take: (page: Page) => Take): Promise<void> {
  const server = await ServerProcess.start();
  const ada = await join(server.url, 'Ada Sandberg', 'ada');
  const ben = await join(server.url, 'Benedikt Oyelaran', 'benedikt');
  const params = { user_id: idOf(ben) };
  await ada.api.call(ROUTES.changeUserRole, { params, body: { role: 'administrator' } });
  const body = { name: 'Hill House', registration: 'invitation' } as const;
  await ada.api.call(ROUTES.updateServer, { body });
  const { code } = await ada.api.call(ROUTES.createInvitation, { body: { uses_max: 10 } });
  await Promise.all([ada.close(), ben.close()]);
  await server.kill();
  await server.startAgain({ registration: 'closed' });
  const { context, page: open } = await openProfile(browser, server.url, look);
  for (const [name, path] of [
    ['closed', '/'],
    ['closed-join', '/join'],
    ['closed-invited', `/join/${code}`],
  ] as const) {
    const page = await open(path);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await settled(page);
    await take(page)(name);
    await page.close();
  }
  const page = await open();
  await logIn(page, 'ada');
  await page.goto(`${server.url}/admin`);
  await page.getByText('registration closed').scrollIntoViewIfNeeded();
  await settled(page);
  await take(page)('closed-admin');
  await page.goto(`${server.url}/settings/account`);
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.locator('.dialog').getByLabel('Password').waitFor();
  await settled(page);
  await take(page)('delete-account-confirm');
  await context.close();
  await server.close();
}

/** A newer version, a second tab, and a server that is away. */
async function takeChanging(browser: Browser, look: object, take: (page: Page) => Take): Promise<void> {
  const app = await NewerApp.before(server.url);
  const { context, page: open } = await openProfile(browser, app.url, look);
  const page = await open();
  await logIn(page, 'ada');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  app.publish();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.getByRole('button', { name: 'Use it now' }).waitFor();
  await settled(page);
  await take(page)('update');
  const second = await open(`/c/${scene.direct}`);
  await second.locator('.message').first().waitFor();
  await settled(second);
  await take(second)('second-tab');
  await second.close();
  app.loseServer();
  await page.getByRole('button', { name: 'Try now' }).waitFor();
  await take(page)('lost');
  await context.close();
  await app.close();
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

/** What is not a shot of the scene: by the names of the pictures, whoever takes them. */
const STAGES = [
  [
    [
      'first-run-1',
      'first-run-2',
      'first-run-3',
      'empty',
      'admin-invitations',
      'delete-account-alone',
      'join-uninvited',
    ],
    takeFirstRun,
  ],
  [['closed', 'closed-join', 'closed-invited', 'closed-admin', 'delete-account-confirm'], takeClosed],
  [['update', 'second-tab', 'lost'], takeChanging],
] as const;

/** Takes all of one width and theme that are asked for. */
async function takeAll(look: BrowserContextOptions, takeOf: (page: Page) => Take): Promise<void> {
  for (const [names, takeStage] of STAGES)
    if (names.some((name) => name.includes(part))) await takeStage(browser, look, takeOf);
  const profile = await openProfile(browser, server.url, { ...look, serviceWorkers: 'block' });
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
  await page.locator('.conversation-row').first().waitFor();
  for (const shot of shots.filter(
    ({ name, isForPointer }) => name.includes(part) && !(isForPointer === true && look.isMobile),
  )) {
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

let looks = 0;
try {
  for (const [width, viewport] of Object.entries(WIDTHS))
    for (const theme of THEMES) {
      if (!`${width}-${theme}`.includes(wanted)) continue;
      looks += 1;
      const look = {
        viewport,
        colorScheme: theme === 'dark' ? 'dark' : 'light',
        hasTouch: width === 'phone',
        isMobile: width === 'phone',
        // From an address of its own: the server lets nobody log in to an account as often from one.
        extraHTTPHeaders: { 'x-forwarded-for': `10.1.0.${looks}` },
      } as const;
      const locale = theme === 'mirrored' || theme === 'german' ? SPOKEN[theme] : undefined;
      const takeOf = (page: Page) => async (name: string) => {
        if (locale !== undefined) await speak(page, locale);
        await page.screenshot({ path: pathOf(folder, `${name}-${width}-${theme}.png`) });
        if (locale !== undefined) await speak(page, 'en');
      };
      await takeAll(look, takeOf);
    }
} finally {
  await browser.close();
  await scene.close();
  await server.close();
}
