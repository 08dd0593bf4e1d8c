import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';
import { openScene, type Scene } from './scene.ts';
import { describeOnStage } from './stage.ts';

/**
 * What must hold in every picture, whatever font the machine draws with: nothing is cut off or lies over its neighbour, what belongs to one column has one
 * edge, and what can be pressed can be reached. Boxes are compared within a pixel, which is what browsers round by.
 */

const WIDTHS = { phone: [390, 844], tablet: [820, 1_180], desktop: [1_280, 860] } as const;

const pathsOf = (scene: Scene): readonly string[] => [
  '/',
  `/c/${scene.group}`,
  `/c/${scene.direct}`,
  `/c/${scene.long}`,
  `/c/${scene.long}/about`,
  '/settings/appearance',
  '/settings/shortcuts',
];

/** What is wrong with the boxes of the page, one line each. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.hidden-visually') === null;
    const all = (selector: string): Element[] => [...document.querySelectorAll(selector)].filter(isShown);
    const name = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.classList[0] ?? ''} "${element.textContent?.slice(0, 30) ?? ''}"`;

    if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('The page is wider than the window.');
    for (const element of all('a, button, input, textarea, h1, h2')) {
      const { left, right } = element.getBoundingClientRect();
      if (left < -1 || right > innerWidth + 1) faults.push(`${name(element)} reaches out of the window.`);
    }

    // Words may end in an ellipsis; they are never simply cut.
    for (const element of all('body *')) {
      const hasWords = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
      const { overflowX, textOverflow } = getComputedStyle(element);
      const isCut = (overflowX === 'hidden' || overflowX === 'clip') && textOverflow !== 'ellipsis';
      if (hasWords && isCut && element.scrollWidth > element.clientWidth + 1)
        faults.push(`${name(element)} is cut off.`);
    }

    const overlap = (one: DOMRect, other: DOMRect): boolean =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    const apart = (selector: string): void => {
      const elements = all(selector);
      elements.forEach((element, index) => {
        for (const other of elements.slice(index + 1))
          if (overlap(element.getBoundingClientRect(), other.getBoundingClientRect()))
            faults.push(`${name(element)} lies over ${name(other)}.`);
      });
    };
    apart('.sidebar, .conversation-main, .about');
    apart('.conversation-header > *, .conversation-header > * > button');
    apart('.conversation-row');
    apart('.timeline .row-frame');
    apart('.composer-line > *');
    apart('.conversation-words > span > *');

    /** The edges of what belongs to one column; `side` as the reader sees it, from the left to the right. */
    const oneEdge = (selector: string, side: 'left' | 'right'): void => {
      const edges = all(selector).map((element) => element.getBoundingClientRect()[side]);
      if (edges.length > 1 && Math.max(...edges) - Math.min(...edges) > 1)
        faults.push(`${selector} has more than one ${side} edge: ${[...new Set(edges.map(Math.round))].join(', ')}.`);
    };
    const [start, end] =
      document.documentElement.dir === 'rtl' ? (['right', 'left'] as const) : (['left', 'right'] as const);
    oneEdge('.conversation-row .avatar', start);
    oneEdge('.conversation-row .conversation-time', end);
    oneEdge('.message-own .bubble', end);
    oneEdge('.message-other .bubble', start);
    oneEdge('.shortcut-list th', start);
    oneEdge('.shortcut-list td', end);
    return faults;
  });

/** The list may still move away from under the pointer: as a hand would, it points again. */
async function pointAt(page: Page, bubble: Locator): Promise<void> {
  const bar = page.locator('.message-actions-bar').first();
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    await page.mouse.move(0, 0);
    await bubble.hover();
    const appeared = bar.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (await appeared) return;
  }
  throw new Error('Pointing at a message did not bring the buttons beside it.');
}

describeOnStage('Every layout', (stage) => {
  test.each(['ltr', 'rtl'] as const)(
    '%s: nothing is cut off, overlaps or stands beside its column, on a phone, a tablet and a desktop',
    async (direction) => {
      const scene = await openScene(stage.server.url, 5, direction);
      const page = await (await stage.profile()).page();
      await logIn(page, `ada.${direction}`);
      await page.locator('.conversation-row').first().waitFor();
      if (direction === 'rtl')
        await page.evaluate(() => localStorage.setItem('parley.preferences', JSON.stringify({ locale: 'ar-XA' })));
      const faults: Record<string, string[]> = {};
      for (const path of pathsOf(scene)) {
        await page.goto(stage.server.url + path);
        await page.waitForLoadState('networkidle');
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        for (const [name, [width, height]] of Object.entries(WIDTHS)) {
          await page.setViewportSize({ width, height });
          // The virtual list measures anew and moves.
          await page.evaluate(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          );
          // What appears beside a message under the pointer has to fit as well.
          const bubble = page.locator('.message-other .bubble').last();
          if (await bubble.isVisible()) await pointAt(page, bubble);
          const found = await faultsOf(page);
          if (found.length > 0) faults[`${path.replace(/(dir|grp|chn)_\w+/, '$1')} ${name}`] = found;
        }
      }
      await scene.close();
      expect(faults).toEqual({});
    },
    120_000,
  );
});
