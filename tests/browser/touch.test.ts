import { ROUTES } from '@parley/protocol';
import { test } from 'vitest';
import { openFromList, said } from './chat-page.ts';
import { join } from './people.ts';
import { say } from './scene.ts';
import { describeOnStage } from './stage.ts';

describeOnStage('With a finger', (stage) => {
  test('one touch on a message shows what can be done with it, another one reacts', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await stage.newcomer('Yara Haas', 'yara', phone);
    const zeno = await join(stage.server.url, 'Zeno Marsh', 'zeno');
    const yara = await zeno.api.call(ROUTES.searchUsers, { query: { query: 'yara' } });
    const [found] = yara.items;
    if (found === undefined) throw new Error('Yara has made an account.');
    const { conversation_id: id } = await zeno.createDirect(found.user_id);
    await say(zeno, id, 'Look at this');
    await openFromList(page, 'Zeno Marsh');
    await said(page, 'Look at this').getByText('Look at this').tap();
    await page.getByRole('menuitem', { name: 'React with 👍' }).tap();
    await said(page, 'Look at this').getByRole('button', { name: '👍, 1 reaction' }).waitFor();
    await zeno.close();
  }, 60_000);
});
