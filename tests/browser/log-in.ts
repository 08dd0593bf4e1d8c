import type { Page } from 'playwright-core';
import { PASSWORD } from './people.ts';

/** Logs in on the first screen and waits for the list. */
export async function logIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username, e-mail or phone').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
}
