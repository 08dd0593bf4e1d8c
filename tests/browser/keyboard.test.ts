import type { Client } from '@parley/client';
import { type ConversationId, ROUTES } from '@parley/protocol';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { said, tickOf } from './chat-page.ts';
import { idOf, join, PASSWORD, until } from './people.ts';
import { say } from './scene.ts';
import { describeOnStage } from './stage.ts';

describeOnStage('By keyboard alone', (stage) => {
  test('the ten commonest actions are done, and what has the focus is always visible', async () => {
    const olga = await join(stage.server.url, 'Olga Ferreira', 'olga');
    const page = await (await stage.profile()).page('/join');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // 1 Join.
    await page.getByLabel('Your name').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Paul Meyer');
    await press('Tab', 'Tab');
    await page.keyboard.type(PASSWORD);
    await press('Enter');
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    // 2 Write to somebody.
    await press('Control+k');
    await page.keyboard.type('olga');
    await page.locator('.search-result', { hasText: 'Olga Ferreira' }).waitFor();
    await press('ArrowDown', 'Enter');
    await page.getByRole('textbox', { name: 'Message to Olga Ferreira' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('By keyboard');
    await press('Enter');
    await tickOf(page, 'By keyboard').and(page.locator('[data-tick="delivered"]')).waitFor();
    // 3 Edit the last message.
    await press('ArrowUp');
    await page.keyboard.type(' alone');
    await press('Enter');
    await said(page, 'By keyboard alone').getByText('edited').waitFor();
    // 4 Reply.
    const id = Object.values(olga.store.getSnapshot().conversations)[0]?.resource.conversation_id;
    if (id === undefined) throw new Error('Olga has got a message.');
    await say(olga, id, 'How?');
    await said(page, 'How?').waitFor();
    await press('Shift+Tab', 'Shift+Tab');
    await said(page, 'How?').and(page.locator(':focus')).waitFor();
    expect(await page.locator(':focus').evaluate((row) => getComputedStyle(row).outlineStyle)).toBe('solid');
    await press('r');
    await page
      .getByRole('textbox', { name: /Message to/ })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.type('Like this');
    await press('Enter');
    await said(page, 'Like this').locator('.quote').waitFor();
    // What waits to be sent cannot be replied to yet.
    await tickOf(page, 'Like this').and(page.locator('[data-tick="delivered"]')).waitFor();
    // The same from the field, without leaving it: the message before the last.
    await press('Control+ArrowUp', 'Control+ArrowUp');
    await page.locator('.draft-subject', { hasText: 'How?' }).waitFor();
    await press('Escape');
    await page.locator('.draft-subject').waitFor({ state: 'detached' });
    // 5 React.
    await press('Shift+Tab', 'Shift+Tab', 'ArrowUp');
    await said(page, 'How?').and(page.locator(':focus')).waitFor();
    await press('+');
    await said(page, 'How?').getByRole('button', { name: '👍, 1 reaction' }).waitFor();
    await press(':');
    await page.getByRole('searchbox', { name: 'Search emoji' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('rocket');
    await page.getByRole('button', { name: 'rocket', exact: true }).waitFor();
    await press('Enter');
    await said(page, 'How?').getByRole('button', { name: '🚀, 1 reaction', exact: true }).waitFor();
    await deleteAndMoveAround(page, olga, id);
    await olga.close();
  }, 90_000);
});

/** Actions 6 to 10, on the conversation with Olga that the first five have filled. */
async function deleteAndMoveAround(page: Page, olga: Client, id: ConversationId): Promise<void> {
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  // 6 Delete.
  await said(page, 'How?').and(page.locator(':focus')).waitFor();
  await press('ArrowDown', 'Delete');
  await page.getByRole('alertdialog').waitFor();
  await page.getByRole('button', { name: 'Delete for everyone' }).focus();
  await press('Enter');
  // The focus stays where it was, on what stands there now.
  await page.locator('.timeline-deleted').and(page.locator(':focus')).waitFor();
  // 7 Make a group.
  await page.getByRole('button', { name: 'New conversation' }).focus();
  await press('Enter');
  await page.getByRole('menuitem', { name: 'New message' }).and(page.locator(':focus')).waitFor();
  await press('ArrowDown');
  await page.getByRole('menuitem', { name: 'New group' }).and(page.locator(':focus')).waitFor();
  await press('Enter');
  await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('Rowers');
  await press('Tab');
  await page.keyboard.type('olg');
  await page.getByRole('button', { name: 'Olga Ferreira @olga' }).waitFor();
  await press('Enter');
  await page.getByLabel('Name', { exact: true }).focus();
  await press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Rowers' }).waitFor();
  // 8 Go between conversations.
  await press('Alt+ArrowDown');
  await page.getByRole('heading', { level: 1, name: 'Olga Ferreira' }).waitFor();
  await press('Alt+ArrowUp');
  await page.getByRole('heading', { level: 1, name: 'Rowers' }).waitFor();
  // 9 Go to what is unread.
  await say(olga, id, 'Still there?');
  await until(olga, () => idOf(olga) !== undefined);
  await page.locator('.conversation-row .badge').waitFor();
  await press('Alt+Shift+ArrowDown');
  await said(page, 'Still there?').waitFor();
  // 10 Back to the list.
  await press('Escape');
  await page.getByText('Choose a conversation').waitFor();
  await page.locator('.conversation-link').and(page.locator(':focus')).waitFor();
}

describeOnStage('Keys of one letter', (stage) => {
  test('go to the next unread and to writing from a message and from the list, and are letters in the field', async () => {
    const people = await Promise.all(
      ['Rosa Lind', 'Sami Korhonen', 'Tove Dahl'].map((name) => join(stage.server.url, name)),
    );
    const page = await stage.newcomer('Uri Katz', 'uri');
    const [uri] = (await stage.owner.api.call(ROUTES.searchUsers, { query: { query: 'uri' } })).items;
    if (uri === undefined) throw new Error('Uri has made an account.');
    for (const client of people) {
      const { conversation_id: id } = await client.createDirect(uri.user_id);
      await say(client, id, `From ${client.store.getSnapshot().me?.name}`);
    }
    await page.locator('.conversation-row .badge').nth(2).waitFor();
    await page.locator('.conversation-link').first().focus();
    await page.keyboard.press('n');
    // From the list to a message, and from there on.
    for (let rest = 2; rest >= 0; rest -= 1) {
      await page.locator('[data-row]:focus').waitFor();
      await expect.poll(() => page.locator('.conversation-row .badge').count()).toBe(rest);
      if (rest > 0) await page.keyboard.press('n');
    }
    await page.keyboard.press('x');
    const search = page.getByRole('searchbox', { name: 'Search people and conversations' });
    await search.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('x');
    expect(await search.inputValue()).toBe('x');
    await page.getByRole('textbox', { name: /^Message to/ }).focus();
    await page.keyboard.type('nx+:');
    expect(await page.getByRole('textbox', { name: /^Message to/ }).inputValue()).toBe('nx+:');
    await search.fill('');
    await page.locator('.conversation-link').first().focus();
    await page.keyboard.press('?');
    await page.getByRole('region', { name: 'Keyboard shortcuts' }).waitFor();
    await Promise.all(people.map((client) => client.close()));
  }, 90_000);
});
