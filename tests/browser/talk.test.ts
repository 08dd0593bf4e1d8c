import { expect, test } from 'vitest';
import { composer, onMessage, openFromList, openWith, said, tickOf, write } from './chat-page.ts';
import { describeOnStage } from './stage.ts';

describeOnStage('Two people in two browsers', (stage) => {
  test('talk: the message, its ticks, typing and presence are seen by the other', async () => {
    const ada = await stage.newcomer('Ada Sandberg', 'ada');
    const ben = await stage.newcomer('Ben Oyelaran', 'ben');
    await openWith(ada, 'Ben Oyelaran');
    await ada.locator('.conversation-header', { hasText: 'Online' }).waitFor();
    await write(ada, 'Hello Ben');
    await tickOf(ada, 'Hello Ben').and(ada.locator('[data-tick="delivered"]')).waitFor();

    await ben.locator('.conversation-row .badge', { hasText: '1' }).waitFor();
    await expect.poll(() => ben.title(), { timeout: 30_000 }).toBe('(1) Parley');
    await openFromList(ben, 'Ada Sandberg');
    await said(ben, 'Hello Ben').waitFor();
    await tickOf(ada, 'Hello Ben').and(ada.locator('[data-tick="read"]')).waitFor();
    await expect.poll(() => ben.title(), { timeout: 30_000 }).toBe('Parley');

    await composer(ben).pressSequentially('Hi');
    await ada.locator('.conversation-header', { hasText: 'typing…' }).waitFor();
    await ben.keyboard.press('Enter');
    await said(ada, 'Hi').waitFor();
    await ada.locator('.conversation-header', { hasText: 'typing…' }).waitFor({ state: 'detached' });
  }, 60_000);

  test('change what they said: edit, reply, react, forward, delete for everyone and for oneself', async () => {
    const carl = await stage.newcomer('Carl Weber', 'carl');
    const dora = await stage.newcomer('Dora Nagy', 'dora');
    await openWith(carl, 'Dora Nagy');
    await write(carl, 'Teh first');
    await write(carl, 'A second');
    await openFromList(dora, 'Carl Weber');

    await onMessage(carl, 'Teh first', 'Edit');
    await write(carl, 'The first');
    await said(dora, 'The first').getByText('edited').waitFor();

    await onMessage(dora, 'The first', 'Reply');
    await write(dora, 'An answer');
    await said(carl, 'An answer').locator('.quote', { hasText: 'The first' }).waitFor();

    await said(carl, 'An answer').hover();
    await said(carl, 'An answer').getByRole('button', { name: 'React with 👍' }).click();
    await said(dora, 'An answer').getByRole('button', { name: '👍, 1 reaction' }).waitFor();

    await onMessage(carl, 'A second', 'Delete…');
    await carl.getByRole('button', { name: 'Delete for everyone' }).click();
    await said(dora, 'This message was deleted.').waitFor();
    expect(await said(dora, 'A second').count()).toBe(0);

    await onMessage(dora, 'An answer', 'Delete…');
    await dora.getByRole('button', { name: 'Delete for me' }).click();
    await said(dora, 'An answer').waitFor({ state: 'detached' });
    expect(await said(carl, 'An answer').count()).toBe(1);
  }, 60_000);

  test('live in a group: make it, mention, name it, make an admin, remove somebody, leave', async () => {
    const eva = await stage.newcomer('Eva Lund', 'eva');
    const finn = await stage.newcomer('Finn Moore', 'finn');
    await eva.getByRole('button', { name: 'New conversation' }).click();
    await eva.getByRole('menuitem', { name: 'New group' }).click();
    await eva.getByLabel('Name', { exact: true }).fill('Choir');
    await eva.getByRole('searchbox', { name: 'People' }).fill('fin');
    await eva.getByRole('button', { name: 'Finn Moore @finn' }).click();
    await eva.getByRole('button', { name: 'Create' }).click();
    await eva.getByRole('heading', { level: 1, name: 'Choir' }).waitFor();

    await composer(eva).pressSequentially('Welcome @fi');
    await eva.getByRole('option', { name: /Finn Moore/ }).waitFor();
    await eva.keyboard.press('Enter');
    await composer(eva).pressSequentially('to us');
    await eva.keyboard.press('Enter');
    await openFromList(finn, 'Choir');
    await said(finn, 'Welcome @Finn Moore to us').locator('.mention').waitFor();

    await eva.getByRole('button', { name: 'Details' }).click();
    await eva.getByRole('button', { name: 'Change name and description' }).click();
    await eva.getByLabel('Name', { exact: true }).fill('Evening choir');
    await eva.getByRole('button', { name: 'Save' }).click();
    await finn.getByRole('heading', { level: 1, name: 'Evening choir' }).waitFor();

    await eva.getByRole('button', { name: 'More about Finn Moore' }).click();
    await eva.getByRole('menuitem', { name: 'Make admin' }).click();
    await said(finn, 'Eva Lund made you an admin').waitFor();

    await eva.getByRole('button', { name: 'More about Finn Moore' }).click();
    await eva.getByRole('menuitem', { name: 'Remove' }).click();
    await eva.getByRole('button', { name: 'Remove', exact: true }).click();
    await finn.getByText('This conversation is not here.').waitFor();
    await eva.getByRole('button', { name: 'Leave' }).click();
    await eva.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await eva.getByText('Welcome, Eva Lund').waitFor();
  }, 60_000);
});
