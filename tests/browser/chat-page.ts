import type { Locator, Page } from 'playwright-core';

/** What a person does on the page, in the words of a person. */

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message to/ });

/** Rows of the timeline that say this. */
export const said = (page: Page, text: string): Locator => page.locator('[data-row]', { hasText: text });

export const tickOf = (page: Page, text: string): Locator => said(page, text).locator('.tick');

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Finds somebody by name and opens the conversation with them. */
export async function openWith(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox', { name: 'Search people and conversations' }).fill(name);
  await page.locator('.search-result', { hasText: name }).first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function openFromList(page: Page, name: string): Promise<void> {
  await page.locator('.conversation-row', { hasText: name }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Chooses something from the menu of a message. */
export async function onMessage(page: Page, text: string, action: string): Promise<void> {
  await said(page, text).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: action }).click();
}
