import { ROUTES } from '@parley/protocol';
import { test } from 'vitest';
import { openFromList, said } from './chat-page.ts';
import { join } from './people.ts';
import { say } from './scene.ts';
import { describeOnStage } from './stage.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

interface Watcher extends EventTarget {
  requestClose(): void;
  destroy(): void;
}
interface Watched {
  watchers: Watcher[];
  CloseWatcher: new () => Watcher;
}

/** Runs in the page before its own scripts: keeps the close watchers that are alive, the youngest last. */
function rememberWatchers(): void {
  const page = window as unknown as Watched; // The cast holds: Chromium has close watchers, and `watchers` is set here.
  page.watchers = [];
  page.CloseWatcher = class extends page.CloseWatcher {
    constructor() {
      super();
      page.watchers.push(this);
    }
    override destroy(): void {
      page.watchers = page.watchers.filter((one) => one !== this);
      super.destroy();
    }
  };
}

describeOnStage('With a finger', (stage) => {
  test('one touch on a message shows what can be done with it, another one reacts', async () => {
    const page = await stage.newcomer('Yara Haas', 'yara', PHONE);
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

  test('the back gesture closes what stands above the page and does not leave the page', async () => {
    const page = await stage.newcomer('Wanda Reed', 'wanda', PHONE);
    await page.addInitScript(rememberWatchers);
    await page.reload();
    // The gesture cannot be made from outside. It asks the youngest watcher, as this does.
    const back = () => page.evaluate(() => (window as unknown as Watched).watchers.at(-1)?.requestClose());
    await page.getByRole('button', { name: 'New conversation' }).tap();
    await page.getByRole('menu').waitFor();
    await back();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New conversation' }).tap();
    await page.getByRole('menuitem', { name: 'New group' }).tap();
    await page.getByRole('dialog').waitFor();
    await back();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  }, 60_000);
});
