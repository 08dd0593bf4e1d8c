import type { Client } from '@parley/client';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { buildApp } from './built-app.ts';
import { chromiumNote, hasChromium, launchChromium, openProfile, type Profile } from './chromium.ts';
import { join, PASSWORD } from './people.ts';
import { ServerProcess } from './server-process.ts';

/** A server and a browser for the tests of one file; after each test its profiles are closed and must have had nothing to complain about. */
export class Stage {
  readonly #profiles: Profile[] = [];
  #server: ServerProcess | undefined;
  #browser: Browser | undefined;
  #owner: Client | undefined;

  /** `isNew`: nobody is there yet. */
  async open(isNew: boolean): Promise<void> {
    buildApp();
    this.#server = await ServerProcess.start();
    this.#browser = await launchChromium();
    if (!isNew) this.#owner = await join(this.#server.url, 'Owner of the place', 'owner');
  }

  async close(): Promise<void> {
    await this.#owner?.close();
    await this.#browser?.close();
    await this.#server?.close();
  }

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('The stage is not open.');
    return this.#server;
  }

  /** The administrator, connected by the SDK. */
  get owner(): Client {
    if (this.#owner === undefined) throw new Error('This place has no owner.');
    return this.#owner;
  }

  async profile(options: BrowserContextOptions & { readonly expected?: RegExp } = {}): Promise<Profile> {
    return this.profileAt(this.server.url, options);
  }

  /** One that reaches the server at another address. */
  async profileAt(url: string, options: BrowserContextOptions & { readonly expected?: RegExp } = {}): Promise<Profile> {
    if (this.#browser === undefined) throw new Error('The stage is not open.');
    const profile = await openProfile(this.#browser, url, options);
    this.#profiles.push(profile);
    return profile;
  }

  /** Makes an account through the page, as a newcomer does. */
  async newcomer(
    name: string,
    username: string,
    options: BrowserContextOptions & { readonly expected?: RegExp; readonly at?: string } = {},
  ): Promise<Page> {
    const { at = this.server.url, ...rest } = options;
    const page = await (await this.profileAt(at, rest)).page('/join');
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make an account' }).click();
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    return page;
  }

  async settle(): Promise<void> {
    const problems = this.#profiles.flatMap((profile) => profile.problems);
    for (const profile of this.#profiles.splice(0)) await profile.context.close();
    expect(problems).toEqual([]);
  }
}

/** `describe` with a stage; skipped, with the reason in the title, where there is no browser. */
export function describeOnStage(title: string, tests: (stage: Stage) => void, { isNew = false } = {}): void {
  describe.skipIf(!hasChromium)(`${title}${chromiumNote}`, () => {
    const stage = new Stage();
    beforeAll(() => stage.open(isNew), 60_000);
    afterEach(() => stage.settle());
    afterAll(() => stage.close());
    tests(stage);
  });
}
