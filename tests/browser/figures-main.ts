import { cpus, platform, release } from 'node:os';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { buildApp } from './built-app.ts';
import { launchChromium, openProfile } from './chromium.ts';
import { logIn } from './log-in.ts';
import { idOf, join } from './people.ts';
import { flood, openScene, say } from './scene.ts';
import { ServerProcess } from './server-process.ts';

/**
 * How quick and how light the app is, on this machine: `npm run web-figures [part of a name]`. Server, browser and both people run on the same machine, so
 * the figures are those of a small server that does everything at once. Run it when nothing else runs.
 */

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const kB = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
const MB = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
const tell = (name: string, value: string, target = ''): void =>
  console.log(`${name.padEnd(58)} ${value}${target === '' ? '' : `   (target: ${target})`}`);

interface Stage {
  readonly browser: Browser;
  readonly url: string;
}

/** Bytes of script as they cross the wire until `isThere` on a device that was never here. */
async function scriptBytes(page: Page, act: () => Promise<unknown>): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => Math.max(0, responseBodySize)),
      );
  });
  await act();
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}

async function firstLoad({ browser, url }: Stage): Promise<void> {
  // Without the service worker, which would hand out for nothing what it has fetched for later.
  const { context } = await openProfile(browser, url, { serviceWorkers: 'block' });
  const page = await context.newPage();
  const toForm = await scriptBytes(page, async () => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  });
  tell('script before the first screen (log in), brotli', kB(toForm), 'at most 150 kB');
  const more = await scriptBytes(page, async () => {
    await logIn(page, 'ada');
    await page.locator('.conversation-row').first().waitFor();
  });
  tell('script before the list of conversations, altogether', kB(toForm + more));
  await context.close();
}

/** When `selector` was there and no task longer than 50 ms followed within a second; ms from the start of the navigation. */
async function watchForInteractive(page: Page, selector: string): Promise<void> {
  await page.addInitScript((wanted) => {
    const seen = { there: 0, busyUntil: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.busyUntil = Math.max(seen.busyUntil, task.startTime + task.duration);
    }).observe({ type: 'longtask', buffered: true });
    const look = () => {
      if (seen.there === 0 && document.querySelector(wanted) !== null)
        requestAnimationFrame(() => setTimeout(() => (seen.there ||= performance.now())));
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  }, selector);
}

async function interactiveAt(page: Page): Promise<{ readonly there: number; readonly interactive: number }> {
  await page.waitForFunction(() => (globalThis as unknown as { seen: { there: number } }).seen.there > 0);
  // A second in which a later long task would show.
  await page.waitForTimeout(1_000);
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { there: number; busyUntil: number } };
    return { there: seen.there, interactive: Math.max(seen.there, seen.busyUntil) };
  });
}

async function interactive({ browser, url }: Stage): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const { context } = await openProfile(browser, url);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await watchForInteractive(page, '.sign-in-form');
    await page.goto(url);
    times.push((await interactiveAt(page)).interactive);
    await context.close();
  }
  tell(
    'time to interactive, first visit, CPU 4× slower (5 visits)',
    `median ${ms(quantile(times, 0.5))}, worst ${ms(Math.max(...times))}`,
  );
}

async function cachedStart({ browser, url }: Stage): Promise<void> {
  const { context, page: open } = await openProfile(browser, url);
  const page = await open();
  await logIn(page, 'ada');
  await page.locator('.conversation-row').first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await watchForInteractive(page, '.conversation-row');
  const times: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    await page.goto(url);
    times.push((await interactiveAt(page)).there);
  }
  tell(
    'cached start until the list is drawn (10 starts)',
    `median ${ms(quantile(times, 0.5))}, worst ${ms(Math.max(...times))}`,
    'under 1 s',
  );
  await context.close();
}

const SENDS = 200;

async function sending({ browser, url }: Stage, conversation: string): Promise<void> {
  const { context, page: open } = await openProfile(browser, url);
  const page = await open();
  await logIn(page, 'ada');
  await page.goto(`${url}/c/${conversation}`);
  await page.locator('.message').first().waitFor();
  const times = await page.evaluate(async (count) => {
    const field = document.querySelector<HTMLTextAreaElement>('.composer textarea');
    if (field === null) throw new Error('There is no composer.');
    const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
    const sent = (words: string) =>
      [...document.querySelectorAll('.message-own')].some(
        (row) =>
          row.textContent?.includes(words) === true && row.querySelector('.tick:not([data-tick="pending"])') !== null,
      );
    const found: number[] = [];
    for (let number = 1; number <= count; number += 1) {
      const words = `Figure ${number}.`;
      setValue?.call(field, words);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 30));
      const from = performance.now();
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!sent(words)) return;
          observer.disconnect();
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, {
          childList: true,
          subtree: true,
          attributes: true,
          attributeFilter: ['data-tick'],
        });
        look();
      });
      found.push(performance.now() - from);
    }
    return found;
  }, SENDS);
  tell(
    `from Enter to "sent" on the screen (${SENDS} messages)`,
    `p50 ${ms(quantile(times, 0.5))}, p95 ${ms(quantile(times, 0.95))}, worst ${ms(Math.max(...times))}`,
    'p95 under 50 ms',
  );
  await context.close();
}

const HISTORY = 10_000;

/** How many frames were long, and which. */
function longAt(frames: readonly number[]): string {
  const places = frames.flatMap((frame, index) => (frame > 50 ? [index + 1] : []));
  return places.length === 0 ? 'none' : `${places.length} (frame ${places.join(', ')})`;
}

async function scrolling({ browser, url }: Stage): Promise<void> {
  const uma = await join(url, 'Uma Rossi', 'uma');
  const vic = await join(url, 'Vic Blom', 'vic');
  const { conversation_id: id } = await uma.createDirect(idOf(vic));
  await flood(uma, id, HISTORY, (number) => `Number ${number}: ${'words and '.repeat(number % 12)}the end.`);
  await Promise.all([uma.close(), vic.close()]);
  const { context, page: open } = await openProfile(browser, url);
  const page = await open();
  await logIn(page, 'vic');
  await page.goto(`${url}/c/${id}`);
  await page.locator('.message').first().waitFor();
  // All of it is unread, so it opens at its beginning.
  await page.getByText('This is where the conversation begins.').waitFor();
  // Not beside what a first visit does once: filling the cache of the service worker.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForLoadState('networkidle');
  const down = await scrollUntil(page, 600, `Number ${HISTORY}:`);
  const up = await scrollUntil(page, -600, 'This is where the conversation begins.');
  tellFrames(`scroll through ${HISTORY} messages down`, down, 'longest at most 50 ms');
  tellFrames('the same up again', up, 'longest at most 50 ms');
  await page.close();
  tellFrames('the floor: a page of plain lines, scrolled alike', await scrollPlainPage(context, down.length));
  await context.close();
}

/** Scrolls by so much in every frame until these words are there; ms of each frame. */
const scrollUntil = (page: Page, step: number, words: string): Promise<number[]> =>
  page.evaluate(
    async ([px, text]) => {
      const scroller = document.querySelector('.timeline-scroll');
      if (scroller === null) throw new Error('There is no timeline.');
      const frames: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      const deadline = performance.now() + 90_000;
      while (!scroller.textContent?.includes(text) && performance.now() < deadline) {
        scroller.scrollBy(0, px);
        const now = await new Promise<number>(requestAnimationFrame);
        frames.push(now - last);
        last = now;
      }
      if (!scroller.textContent?.includes(text)) throw new Error(`"${text}" did not come in time.`);
      return frames;
    },
    [step, words] as const,
  );

/** What this browser does on this machine without any app: no script but the scrolling itself, no network, nothing drawn anew. */
async function scrollPlainPage(context: BrowserContext, count: number): Promise<number[]> {
  const page = await context.newPage();
  await page.setContent(
    `<main style="height: 90vh; overflow: auto">${'<p>A plain line of words.</p>'.repeat(2_000)}</main>`,
  );
  return page.evaluate(async (wanted) => {
    const scroller = document.querySelector('main');
    const frames: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    while (frames.length < wanted) {
      scroller?.scrollBy(0, frames.length % 120 < 60 ? 600 : -600);
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - last);
      last = now;
    }
    return frames;
  }, count);
}

const tellFrames = (name: string, frames: readonly number[], target?: string): void =>
  tell(
    `${name} (${frames.length} frames)`,
    `p50 ${ms(quantile(frames, 0.5))}, p99 ${ms(quantile(frames, 0.99))}, longest ${ms(Math.max(...frames))}, over 50 ms: ${longAt(frames)}`,
    target,
  );

/** One message a second for an hour, without the waiting. */
const HOUR = 3_600;

async function memory({ browser, url }: Stage): Promise<void> {
  const yui = await join(url, 'Yui Tanaka', 'yui');
  const zoe = await join(url, 'Zoe Laurent', 'zoe');
  const { conversation_id: id } = await yui.createDirect(idOf(zoe));
  await say(yui, id, 'Begin');
  await zoe.close();
  const { context, page: open } = await openProfile(browser, url);
  const page = await open();
  await logIn(page, 'zoe');
  await page.goto(`${url}/c/${id}`);
  await page.getByText('Begin').first().waitFor();
  const session = await context.newCDPSession(page);
  const heaps: number[] = [];
  const nodes: number[] = [];
  for (let quarter = 0; quarter < 4; quarter += 1) {
    await flood(yui, id, HOUR / 4, (number) => `Second ${quarter * (HOUR / 4) + number} of the hour`);
    await page
      .getByText(`Second ${(quarter + 1) * (HOUR / 4)} of the hour`)
      .first()
      .waitFor({ timeout: 90_000 });
    heaps.push(await heapOf(session));
    nodes.push(await page.locator('*').count());
  }
  tell(`script memory after each quarter of an hour of talk (${HOUR} messages)`, heaps.map(MB).join(', '), 'flat');
  tell('elements on the page at the same moments', nodes.join(', '));
  await yui.close();
  await context.close();
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

const [part = ''] = process.argv.slice(2);
buildApp();
const server = await ServerProcess.start();
const browser = await launchChromium();
console.log(
  `Chromium ${browser.version()}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${platform()} ${release()}`,
);
try {
  const scene = await openScene(server.url, 20);
  const stage = { browser, url: server.url };
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    'first-load': () => firstLoad(stage),
    interactive: () => interactive(stage),
    'cached-start': () => cachedStart(stage),
    sending: () => sending(stage, scene.direct),
    scrolling: () => scrolling(stage),
    memory: () => memory(stage),
  };
  for (const [name, run] of Object.entries(parts)) if (name.includes(part)) await run();
  await scene.close();
} finally {
  await browser.close();
  await server.close();
}
