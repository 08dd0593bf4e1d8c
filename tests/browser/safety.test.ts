import { expect, test } from 'vitest';
import { onMessage, openFromList, openWith, said, write } from './chat-page.ts';
import { logIn } from './log-in.ts';
import { describeOnStage } from './stage.ts';

const ATTACK = '<img src=x onerror=alert(1)><script>alert(2)</script>';

describeOnStage('What others write', (stage) => {
  test('markup and script in every field are shown as text, and nothing is executed', async () => {
    const mallory = await stage.newcomer(ATTACK, 'mallory');
    const kim = await stage.newcomer('Kim Novak', 'kim');
    for (const page of [mallory, kim]) page.on('dialog', () => expect.unreachable('A script ran.'));
    await openWith(mallory, 'Kim Novak');
    await write(mallory, ATTACK);
    await write(mallory, `[a link](javascript:alert(3)) ![](x) **${ATTACK}** \`${ATTACK}\``);
    await write(mallory, '<svg onload=alert(4)> &lt;b&gt; https://example.org/"onmouseover="alert(5)');

    await kim.locator('.conversation-row', { hasText: ATTACK }).waitFor();
    await openFromList(kim, ATTACK);
    await said(kim, '<svg onload=alert(4)>').waitFor();
    expect(
      await kim.locator('.timeline img, .timeline script, .timeline [onload], .timeline [onmouseover]').count(),
    ).toBe(0);
    expect(await kim.locator('.timeline a[href^="javascript:"]').count()).toBe(0);
    await onMessage(kim, '<svg onload=alert(4)>', 'Reply');
    await write(kim, 'Nice try');
    await said(mallory, 'Nice try').waitFor();

    await mallory.goto(`${stage.server.url}/settings/profile`);
    await mallory.getByLabel('About you').fill(ATTACK);
    await mallory.getByRole('button', { name: 'Save' }).click();
    await mallory.getByText('Saved.').waitFor();
    await kim.getByRole('button', { name: 'New conversation' }).click();
    await kim.getByRole('menuitem', { name: 'New group' }).click();
    await kim.getByLabel('Name', { exact: true }).fill(ATTACK);
    await kim.getByRole('button', { name: 'Create' }).click();
    await kim.getByRole('heading', { level: 1, name: ATTACK }).waitFor();
    await kim.getByRole('button', { name: 'Details' }).click();
    await kim.getByRole('button', { name: 'Change name and description' }).click();
    await kim.getByLabel('Description').fill(ATTACK);
    await kim.getByRole('button', { name: 'Save' }).click();
    await kim.locator('.about p', { hasText: ATTACK }).waitFor();
    await kim.getByRole('button', { name: 'New conversation' }).click();
    await kim.getByRole('menuitem', { name: 'New channel' }).click();
    await kim.getByLabel('Name', { exact: true }).fill(`${ATTACK} channel`);
    await kim.getByRole('searchbox', { name: 'People' }).fill(ATTACK.slice(0, 20));
    await kim.getByRole('button', { name: 'Create' }).click();
    await kim.getByRole('heading', { level: 1, name: `${ATTACK} channel` }).waitFor();
    await kim.getByRole('searchbox', { name: 'Search people and conversations' }).fill(ATTACK.slice(0, 30));
    await kim.locator('.search-result', { hasText: ATTACK }).first().waitFor();
    await kim.keyboard.press('Escape');
    await kim.getByRole('button', { name: 'Emoji' }).click();
    await kim.getByRole('searchbox', { name: 'Search emoji' }).fill(ATTACK);
    await kim.locator('.emoji-grid button').first().waitFor({ state: 'detached' });

    const owner = await (await stage.profile()).page();
    await logIn(owner, 'owner');
    await owner.goto(`${stage.server.url}/admin`);
    await owner.getByLabel('Name of the place').fill(ATTACK);
    await owner.getByRole('button', { name: 'Save' }).click();
    await owner.locator('.sidebar-place', { hasText: ATTACK }).waitFor();
    await owner.locator('.entry-row', { hasText: ATTACK }).waitFor();
    for (const page of [mallory, kim, owner])
      expect(await page.locator('#app img, #app [onload], #app [onerror], #app [onmouseover]').count()).toBe(0);
  }, 60_000);
});

describeOnStage('A second device', (stage) => {
  test('[CONN-7] is logged out from the first within 2 s', async () => {
    const first = await stage.newcomer('Lea Simon', 'lea');
    // That its login is void is what the server answers, and the browser notes it.
    const second = await (await stage.profile({ expected: /status of 401/ })).page();
    await logIn(second, 'lea');
    await first.goto(`${stage.server.url}/settings/devices`);
    await first.getByRole('button', { name: /^Log out .*, / }).click();
    const from = Date.now();
    await second
      .getByText(/This device was logged out/)
      .first()
      .waitFor({ timeout: 2_000 });
    expect(Date.now() - from).toBeLessThan(2_000);
    await second.getByRole('button', { name: 'Log in' }).click();
    await second.getByLabel('Password').waitFor();
  }, 60_000);
});
