import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executable = process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium';

export const hasChromium = existsSync(executable);

/** Added to the title of a test that is skipped for want of a browser. */
export const chromiumNote = hasChromium
  ? ''
  : ` (no ${executable}; PARLEY_CHROMIUM=/path/to/chromium bin/test tests/browser)`;

/** A name of this machine that browsers do not trust as they trust `localhost`: what is loaded from there over http has no secure origin. */
export const INSECURE_HOST = 'parley.test';

const FLAGS = [
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: executable, args: FLAGS });

/** Everything that a page complained about: console errors and warnings, exceptions, violations of the content security policy. */
export type Problems = string[];

export interface Profile {
  readonly context: BrowserContext;
  readonly problems: Problems;
  page(path?: string): Promise<Page>;
}

/** A browser profile of its own: a device. `expected`: complaints that a test brings about itself, such as a server that is away. */
export async function openProfile(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly expected?: RegExp } = {},
): Promise<Profile> {
  const { expected, ...contextOptions } = options;
  const context = await browser.newContext({ locale: 'en-GB', ...contextOptions });
  const problems: Problems = [];
  const note = (problem: string) => {
    if (expected === undefined || !expected.test(problem)) problems.push(problem);
  };
  await context.exposeFunction('reportViolation', (violation: string) => note(`policy: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => note(`exception: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') note(`${message.type()}: ${message.text()}`);
    });
  });
  return {
    context,
    problems,
    async page(path = '/') {
      const page = await context.newPage();
      await page.goto(url + path);
      return page;
    },
  };
}
