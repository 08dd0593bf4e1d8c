import { ROUTES } from '@parley/protocol';
import { expect, test } from 'vitest';
import { composer, openFromList, openWith, said, tickOf, write } from './chat-page.ts';
import { logIn } from './log-in.ts';
import { idOf, join, until } from './people.ts';
import { describeOnStage } from './stage.ts';

/** What a page may say when its server is away: the browser itself notes each failed request. */
const AWAY = /ERR_|WebSocket connection|Failed to load resource/;

describeOnStage('Without a connection', (stage) => {
  test('[SEND-4] what was written survives the killed tab and server, waits in order and is sent exactly once', async () => {
    const gina = await join(stage.server.url, 'Gina Haddad', 'gina');
    const page = await stage.newcomer('Hugo Brandt', 'hugo', { expected: AWAY });
    await openWith(page, 'Gina Haddad');
    await write(page, 'Before');
    await tickOf(page, 'Before').and(page.locator('[data-tick="delivered"]')).waitFor();
    const context = page.context();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    await stage.server.kill();
    await page
      .getByRole('status')
      .filter({ hasText: 'The connection was interrupted' })
      .or(page.getByText('cannot be reached'))
      .first()
      .waitFor();
    const line = page.locator('.connection-line');
    await line.getByText(/Next try in \d+ s/).waitFor();
    // What changes each second is beside the live region, not in it.
    expect(await line.getByRole('status').textContent()).not.toMatch(/\d/);
    await write(page, 'One');
    await write(page, 'Two');
    await said(page, 'Two').getByText('Waits').waitFor();
    await page.close({ runBeforeUnload: false });

    const again = await context.newPage();
    await again.goto(stage.server.url);
    await openFromList(again, 'Gina Haddad');
    await said(again, 'Before').waitFor();
    await said(again, 'Two').waitFor();
    await write(again, 'Three');

    await stage.server.startAgain();
    await tickOf(again, 'Three').and(again.locator('[data-tick="delivered"]')).waitFor({ timeout: 40_000 });
    const held = () => Object.values(gina.store.getSnapshot().conversations)[0];
    await until(gina, () => held()?.resource.message_count === 4, 40_000);
    const id = held()?.resource.conversation_id;
    if (id !== undefined) await gina.openConversation(id);
    const texts = held()?.timeline.items.flatMap((item) =>
      item.kind === 'message' ? [item.message.content?.text] : [],
    );
    expect(texts).toEqual(['Before', 'One', 'Two', 'Three']);
    await gina.close();
  }, 120_000);
});

describeOnStage('Without the right to write any more', (stage) => {
  test('[SEND-5] a message that was refused can be copied and discarded, and sent again when the right is back', async () => {
    const kai = await join(stage.server.url, 'Kai Roth', 'kai');
    const lena = await join(stage.server.url, 'Lena Fuchs', 'lena');
    const { conversation_id } = await kai.createChannel('Harbour notes', 'private');
    const params = { conversation_id, user_id: idOf(lena) };
    await kai.api.call(ROUTES.addMembers, { params: { conversation_id }, body: { user_ids: [idOf(lena)] } });
    const appoint = (role: 'admin' | 'member') => kai.api.call(ROUTES.changeRole, { params, body: { role } });
    await appoint('admin');
    const page = await (await stage.profile({ expected: AWAY })).page();
    await logIn(page, 'lena');
    await page.goto(`${stage.server.url}/c/${conversation_id}`);

    await composer(page).waitFor();
    await page.context().setOffline(true);
    await write(page, 'The crane works again.');
    await said(page, 'The crane').and(page.locator('[data-waiting]')).waitFor();
    await appoint('member');
    await page.context().setOffline(false);
    const row = said(page, 'The crane');
    await row.getByText('you cannot write in this conversation any more').waitFor();
    expect(await row.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    expect(await row.getByRole('button', { name: 'Discard' }).count()).toBe(1);
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Copy text' }).waitFor();
    await page.keyboard.press('Escape');

    await appoint('admin');
    await row.getByRole('button', { name: 'Send again' }).click();
    await tickOf(page, 'The crane').and(page.locator('[data-tick="sent"]')).waitFor();
    await Promise.all([kai.close(), lena.close()]);
  }, 90_000);
});

describeOnStage('Several tabs of one profile', (stage) => {
  test('share one connection and one outbox, and the next tab takes over', async () => {
    const ida = await join(stage.server.url, 'Ida Castro', 'ida');
    const first = await stage.newcomer('Jan Peeters', 'jan');
    await openWith(first, 'Ida Castro');
    const address = first.url();
    const others = await Promise.all([first.context().newPage(), first.context().newPage()]);
    for (const tab of others) await tab.goto(address);
    for (const [index, tab] of others.entries()) {
      await write(tab, `From tab ${index + 2}`);
      for (const any of [first, ...others])
        await tickOf(any, `From tab ${index + 2}`)
          .and(any.locator('[data-tick="delivered"]'))
          .waitFor();
    }
    // The owner's, Ida's and the one that the tabs share.
    expect((await stage.owner.api.call(ROUTES.getStats, {})).connections).toBe(3);

    await first.close();
    const [second, third] = others;
    if (second === undefined || third === undefined) throw new Error('There are two other tabs.');
    await write(third, 'After the first tab');
    await tickOf(second, 'After the first tab').and(second.locator('[data-tick="delivered"]')).waitFor();
    await ida.close();
  }, 90_000);
});
