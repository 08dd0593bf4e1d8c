import { ROUTES, type UserId } from '@parley/protocol';
import type { Page } from 'playwright-core';
import { idOf, join, PASSWORD, until } from './people.ts';
import { flood, type Scene, say } from './scene.ts';

/** What the pictures show, and how the app gets there. */

export interface Shot {
  readonly name: string;
  readonly path: string;
  /** Before the page is opened; then nothing is waited for, because what is missing is the point. */
  setUp?(page: Page): Promise<unknown>;
  /** Not for a phone. */
  readonly isForPointer?: boolean;
  /** On the opened page. */
  before?(page: Page): Promise<unknown>;
}

const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true }).click();

async function onOwnMessage(page: Page, key: string): Promise<void> {
  await page.locator('.message-own').last().focus();
  await page.keyboard.press(key);
  await page.locator('.dialog').waitFor();
}

/** Down to the end of a screen that is longer than the window. */
const toEnd = (selector: string) => (page: Page) =>
  page.locator(selector).evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));

async function startNew(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await menuItem(page, item);
  await page.locator('.dialog').waitFor();
}

/** What opens over a screen, or instead of it. */
const questionsOf = (scene: Scene): readonly Shot[] => [
  {
    name: 'nothing-found',
    path: '/',
    before: async (page) => {
      await page.getByRole('searchbox').first().fill('xyzzy');
      await page.getByText('Nothing found').waitFor();
    },
  },
  {
    // Where nothing hovers the same is in the details.
    name: 'row-menu',
    path: '/',
    isForPointer: true,
    before: async (page) => {
      await page.locator('.conversation-row').nth(2).hover();
      await page.locator('.conversation-more').nth(2).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'leave',
    path: `/c/${scene.group}/about`,
    before: async (page) => {
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.locator('.dialog').waitFor();
    },
  },
  {
    name: 'own-about',
    path: `/c/${scene.channel}/about`,
    before: (page) => page.getByRole('button', { name: 'Change name and description' }).click(),
  },
  {
    name: 'add-people',
    path: `/c/${scene.channel}/about`,
    before: async (page) => {
      await page.getByRole('button', { name: 'Add people' }).click();
      await page.locator('.dialog').waitFor();
    },
  },
  {
    name: 'delete-account',
    path: '/settings/account',
    before: async (page) => {
      await page.getByRole('button', { name: 'Delete account' }).click();
      await page.locator('.dialog').waitFor();
    },
  },
  {
    name: 'edit',
    // Where no other picture is taken: what was begun stays there.
    path: `/c/${scene.channel}`,
    before: async (page) => {
      await page.locator('.message-own').last().focus();
      await page.keyboard.press('e');
      await page.locator('.draft-subject').waitFor();
    },
  },
];

const SETTINGS: readonly Shot[] = [
  { name: 'settings', path: '/settings' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'privacy', path: '/settings/privacy' },
  { name: 'appearance', path: '/settings/appearance' },
  { name: 'notifications', path: '/settings/notifications' },
  { name: 'devices', path: '/settings/devices' },
  { name: 'shortcuts', path: '/settings/shortcuts' },
  { name: 'account', path: '/settings/account' },
  { name: 'account-end', path: '/settings/account', before: toEnd('.screen-body') },
  { name: 'shortcuts-end', path: '/settings/shortcuts', before: toEnd('.screen-body') },
  { name: 'admin', path: '/admin' },
  { name: 'admin-end', path: '/admin', before: toEnd('.screen-body') },
  {
    name: 'own-menu',
    path: '/',
    before: async (page) => {
      await page.getByRole('button', { name: /profile and settings/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
];

export const shotsOf = (scene: Scene): readonly Shot[] => [
  { name: 'list', path: '/' },
  { name: 'direct', path: `/c/${scene.direct}` },
  { name: 'group', path: `/c/${scene.group}` },
  { name: 'busy', path: `/c/${scene.busy}` },
  { name: 'channel', path: `/c/${scene.channel}` },
  { name: 'long', path: `/c/${scene.long}/about` },
  { name: 'about', path: `/c/${scene.group}/about` },
  { name: 'absent', path: '/c/grp_0000000000000' },
  {
    name: 'search',
    path: '/',
    before: async (page) => {
      await page.getByRole('searchbox').first().fill('a');
      await page.locator('.search-result').first().waitFor();
    },
  },
  {
    name: 'new-menu',
    path: '/',
    before: async (page) => {
      await page.getByRole('button', { name: 'New conversation' }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'menu',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('[data-row]').nth(2).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'info', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'i') },
  { name: 'delete', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'Delete') },
  { name: 'forward', path: `/c/${scene.group}`, before: (page) => onOwnMessage(page, 'f') },
  {
    name: 'reply',
    path: `/c/${scene.group}`,
    before: async (page) => {
      await page.locator('.message').nth(1).focus();
      await page.keyboard.press('r');
      await page.getByRole('textbox', { name: /Message to/ }).fill('Ridge path it is. @ch');
      await page.locator('.mention-list').waitFor();
    },
  },
  {
    name: 'emoji',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.locator('.emoji-grid button').first().waitFor();
    },
  },
  {
    name: 'new-group',
    path: '/',
    before: async (page) => {
      await startNew(page, 'New group');
      await page.getByLabel('People', { exact: true }).fill('b');
      await page.locator('.pick-row').first().waitFor();
    },
  },
  ...questionsOf(scene),
  { name: 'new-channel', path: '/', before: (page) => startNew(page, 'New channel') },
  { name: 'invite', path: '/', before: (page) => startNew(page, 'Invite people') },
  ...SETTINGS,
  {
    name: 'typing',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.locator('.message').first().waitFor();
      scene.people.ben.typing(scene.direct);
      scene.people.chiara.typing(scene.group);
      await page.locator('.conversation-typing').waitFor();
    },
  },
  {
    name: 'offline',
    path: `/c/${scene.direct}`,
    before: async (page) => {
      await page.locator('.message').first().waitFor();
      await page.context().setOffline(true);
      await page.getByRole('textbox', { name: /Message to/ }).fill('This one waits for the network.');
      // On a phone Enter makes a line.
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.message-why').waitFor();
      await page.locator('.connection-line').waitFor();
    },
  },
];

const MANY = 500;
const CROWD = 1_023;
/** Members that one call adds. */
const ADDED_AT_ONCE = 100;
/** Accounts made at once. */
const AT_ONCE = 8;
const LONGEST_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** What happened to messages, in one place, and what becomes of one that is refused. */
async function addFates({ people, group }: Scene): Promise<readonly Shot[]> {
  const { ada, ben, chiara, noor } = people;
  const { conversation_id: id } = await chiara.createGroup('Lake house', [idOf(ada), idOf(ben), idOf(noor)]);
  const first = await say(chiara, id, 'ok');
  for (const emoji of MANY_EMOJI) await chiara.react(id, first, emoji, 'added');
  await say(noor, id, 'الطريق إلى البحيرة مغلق يوم السبت، لذلك نلتقي عند المحطة القديمة ثم نمشي معا إلى البيت.');
  const last = ben.store.getSnapshot().conversations[group]?.resource.last_message?.seq ?? 1;
  await ben.forward(id, { conversationId: group, seq: last });
  await until(ben, () => ben.store.getSnapshot().outbox.length === 0);
  const gone = await say(ben, id, 'Wrong again');
  const answer = await say(ada, id, 'What was that?', gone);
  for (const emoji of MANY_EMOJI) await ada.react(id, answer, emoji, 'added');
  await ben.delete(id, gone, 'everyone');
  const changed = await say(ada, id, 'I bring the kee.');
  await ada.edit(id, changed, { text: 'I bring the key.' });
  await say(ada, id, '😀🎉');
  await until(ada, () => ada.store.getSnapshot().outbox.length === 0);
  const { conversation_id: old } = await ben.createGroup('Plans of last year', [idOf(ada)]);
  await say(ben, old, 'Done with all of it.');
  await ada.api.call(ROUTES.updateSettings, { params: { conversation_id: old }, body: { archived: true } });
  const { conversation_id: notes } = await ben.createChannel('Harbour notes', 'private');
  const params = { conversation_id: notes };
  await ben.api.call(ROUTES.addMembers, { params, body: { user_ids: [idOf(ada)] } });
  await say(ben, notes, 'The crane is out of order until Friday.');
  const appoint = (role: 'admin' | 'member') =>
    ben.api.call(ROUTES.changeRole, {
      params: { conversation_id: notes, user_id: idOf(ada) },
      body: { role },
    });
  return [
    { name: 'fates', path: `/c/${id}` },
    {
      name: 'archive',
      path: '/',
      before: async (page) => {
        await page.locator('.archive-switch').click();
        await page.getByText('Plans of last year').waitFor();
      },
    },
    { name: 'read-only', path: `/c/${notes}` },
    {
      name: 'refused',
      path: `/c/${notes}`,
      before: async (page) => {
        await appoint('admin');
        await page.locator('.composer textarea').waitFor();
        await page.context().setOffline(true);
        await page.locator('.composer textarea').fill('The crane works again.');
        await page.getByRole('button', { name: 'Send', exact: true }).click();
        await page.locator('[data-waiting]').waitFor();
        await appoint('member');
        await page.context().setOffline(false);
        await page.locator('[data-waiting="failed"]').waitFor();
        await page.locator('.connection-line').waitFor({ state: 'detached' });
      },
    },
  ];
}

const MANY_EMOJI = ['👍', '❤️', '😂', '🎉', '🚀', '👀', '🙏', '🔥', '✅', '💡', '🥐', '🐻'] as const;

/** What strains a layout: much unread, names and words without end, what is not there yet and what does not come. */
export async function addHardCases(url: string, scene: Scene): Promise<readonly Shot[]> {
  const { people, direct } = scene;
  const { ada, ben } = people;
  const { conversation_id: unread } = await ben.createGroup('Night watch', [idOf(ada)]);
  await flood(
    ben,
    unread,
    MANY,
    (number) => `Round ${number}: ${number % 7 === 0 ? 'a light at the pier, nobody there' : 'all quiet'}.`,
  );
  const wolf = await join(
    url,
    `Wolfeschlegelsteinhausenbergerdorff ${'von und zu '.repeat(2)}Altona`,
    'wolfeschlegelsteinhausen',
  );
  const { conversation_id: endless } = await wolf.createDirect(idOf(ada));
  await say(wolf, endless, LONGEST_WORD);
  await say(wolf, endless, `https://example.org/${'a-path-without-any-end/'.repeat(8)}?query=${'x'.repeat(60)}`);
  const seq = await say(
    wolf,
    endless,
    '```\nconst line = "a line of code that is much longer than any bubble could ever be, on any screen";\n```',
  );
  await say(wolf, endless, `${'A whole paragraph about nothing in particular, which goes on. '.repeat(9)}`, seq);
  for (const emoji of MANY_EMOJI) await wolf.react(endless, seq, emoji, 'added');
  await until(wolf, () => wolf.store.getSnapshot().outbox.length === 0);
  await wolf.close();
  const never = (pattern: RegExp) => (page: Page) => page.route(pattern, () => undefined);
  return [
    {
      name: 'skeleton',
      path: `/c/${unread}`,
      setUp: never(/\/messages/),
      before: (page) => page.locator('.skeleton-bubbles').waitFor(),
    },
    { name: 'unread', path: `/c/${unread}` },
    { name: 'endless', path: `/c/${endless}` },
    { name: 'endless-about', path: `/c/${endless}/about` },
    {
      name: 'missing',
      path: `/c/${unread}`,
      before: async (page) => {
        await page.route(/\/messages\?/, (route) => route.abort());
        await page.locator('.timeline-scroll').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
        await page.locator('.missing-line').waitFor();
      },
    },
    {
      name: 'failing-form',
      path: '/settings/account',
      before: async (page) => {
        await page.getByLabel('Current password').fill('not this one');
        await page.getByLabel('New password').fill('something else entirely');
        await page.getByRole('button', { name: 'Change password' }).click();
        await page.getByRole('alert').waitFor();
      },
    },
    { name: 'quiet-direct', path: `/c/${direct}/about` },
    ...(await addFates(scene)),
  ];
}

/** As many as a group may hold. */
export async function crowd(url: string, { people: { ben, ada } }: Scene): Promise<readonly Shot[]> {
  const ids: UserId[] = [];
  const numbers = Array.from({ length: CROWD - 1 }, (_, index) => index + 1);
  const makeSome = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const body = {
        name: `${NAMES[number % NAMES.length]} ${number}`,
        username: `crowd${number}`,
        password: PASSWORD,
        device_name: 'Test',
      };
      const response = await fetch(`${url}/api/v1/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${number % 250}` },
        body: JSON.stringify(body),
      });
      ids.push(ROUTES.register.response.parse(await response.json()).me.user_id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, makeSome));
  const { conversation_id: id } = await ben.createGroup('The whole valley', [idOf(ada)]);
  const params = { conversation_id: id };
  for (let from = 0; from < ids.length; from += ADDED_AT_ONCE)
    await ben.api.call(ROUTES.addMembers, { params, body: { user_ids: ids.slice(from, from + ADDED_AT_ONCE) } });
  await until(ada, () => ada.store.getSnapshot().conversations[id] !== undefined);
  await say(ben, id, 'Everybody is here now.');
  return [
    { name: 'crowd', path: `/c/${id}` },
    { name: 'crowd-about', path: `/c/${id}/about` },
  ];
}

const NAMES = ['Amina', 'Björn', 'Chloé', 'Dmitri', 'Esra', 'Femi', 'Giulia', 'Hiro'];
