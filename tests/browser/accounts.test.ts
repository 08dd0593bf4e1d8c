import { ROUTES } from '@parley/protocol';
import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';
import { PASSWORD } from './people.ts';
import { describeOnStage } from './stage.ts';

describeOnStage('An account', (stage) => {
  test('[ACCT-1] is deleted with its password, and the form to log in says that it is done', async () => {
    // That the login is void from then on is what the server answers, and the browser notes it.
    const tove = await stage.newcomer('Tove Falk', 'tove', { expected: /status of 401/ });
    await tove.goto(`${stage.server.url}/settings/account`);
    await tove.getByRole('button', { name: 'Delete account' }).click();
    const dialog = tove.getByRole('alertdialog');
    await dialog.getByLabel('Password').fill('not this one, surely');
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    await dialog.getByText('The password is wrong.').waitFor();
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    await tove.getByText('This account was deleted.').waitFor();
    await tove.getByRole('button', { name: 'Log in' }).waitFor();
  }, 60_000);

  test('[PLACE-5] of another becomes an administrator in the list of people, and the last one is told why it stays', async () => {
    await stage.newcomer('Unn Berg', 'unn');
    const owner = await (await stage.profile({ expected: /status of 409/ })).page();
    await logIn(owner, 'owner');
    await owner.goto(`${stage.server.url}/admin`);
    const rowOf = (name: string) => owner.locator('.entry-row', { hasText: name });
    const choose = async (name: string, choice: string): Promise<void> => {
      await rowOf(name).getByRole('button').click();
      await owner.getByRole('menuitem', { name: choice }).click();
    };
    await choose('@owner', 'Dismiss as administrator');
    await owner.getByText('The server needs an administrator. Appoint another one first.').waitFor();
    await choose('@unn', 'Make administrator');
    await rowOf('@unn').getByText('Administrator').waitFor();
    await choose('@unn', 'Dismiss as administrator');
    await rowOf('@unn').getByText('Administrator').waitFor({ state: 'detached' });
  }, 60_000);

  test('are found by name in the list of people, in a name of either direction', async () => {
    await stage.newcomer('نور الهدى', 'noor');
    const owner = await (await stage.profile()).page();
    await logIn(owner, 'owner');
    await owner.goto(`${stage.server.url}/admin`);
    const rows = owner.locator('.entry-row');
    await rows.filter({ hasText: '@owner' }).waitFor();
    const search = owner.getByRole('searchbox', { name: 'Search by name' });
    await search.fill('نور');
    await rows.filter({ hasText: '@owner' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: '@noor' }).waitFor();
    expect(await search.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
    await search.fill('');
    await rows.filter({ hasText: '@owner' }).waitFor();
  }, 60_000);

  test('[PLACE-5] of the only administrator is deleted after a successor is chosen, which is said before the password is asked for', async () => {
    await stage.newcomer('Vera Lund', 'vera');
    const owner = await (await stage.profile()).page();
    await logIn(owner, 'owner');
    await owner.goto(`${stage.server.url}/settings/account`);
    await owner.getByRole('button', { name: 'Delete account' }).click();
    const dialog = owner.getByRole('alertdialog');
    await dialog.getByText('You are the only administrator').waitFor();
    expect(await dialog.getByLabel('Password').count()).toBe(0);
    await dialog.getByRole('button', { name: '@vera' }).click();
    await dialog.getByLabel('Password').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    // Not the only one any more.
    await owner.getByRole('button', { name: 'Delete account' }).click();
    await dialog.getByLabel('Password').waitFor();
  }, 60_000);

  test('[PLACE-1] is not offered where the operator has closed registration, and an invitation does not pretend otherwise', async () => {
    const { code } = await stage.owner.api.call(ROUTES.createInvitation, { body: { uses_max: 1 } });
    await stage.server.kill();
    await stage.server.startAgain({ registration: 'closed' });
    const { page } = await stage.profile();
    const visitor = await page();
    await visitor.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await visitor.getByRole('button', { name: 'Make an account' }).count()).toBe(0);
    const uninvited = await page('/join');
    await uninvited.getByText('This place takes no new people at the moment. Ask whoever runs it.').waitFor();
    const invited = await page(`/join/${code}`);
    await invited.getByText('You have an invitation, but this place takes no new people').waitFor();
    expect(await invited.getByLabel('Your name').count()).toBe(0);
    await logIn(visitor, 'owner');
    await visitor.goto(`${stage.server.url}/admin`);
    await visitor.getByText('has started it with registration closed').waitFor();
    expect(await visitor.getByRole('button', { name: 'Invite people' }).count()).toBe(0);
  }, 60_000);
});
