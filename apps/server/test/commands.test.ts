import { cp, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect } from 'vitest';
import { type Serve, test as sceneTest } from './scene.ts';
import { call, registerPair, Wire } from './wire.ts';

/** A stopped server's data: two people, a conversation with messages, an edit, a reaction, a deletion and moved cursors. */
async function workload(folder: string, serve: Serve): Promise<{ readonly data: string; readonly id: string }> {
  const data = join(folder, 'data');
  const server = serve(['--data', data]);
  const url = await server.address();
  const { anna, ben, conversationId } = await registerPair(url);
  const wire = await Wire.live(url, anna);
  for (let count = 0; count < 20; count += 1) wire.say(conversationId, `message ${count}`);
  const key = () => ({ client_msg_id: crypto.randomUUID(), conversation_id: conversationId });
  wire.send({ type: 'edit_message', ...key(), target_seq: 3, content: { text: 'edited' } });
  wire.send({ type: 'delete_message', ...key(), target_seq: 4, scope: 'everyone' });
  const last = wire.send({ type: 'react', ...key(), target_seq: 5, emoji: '👍', action: 'added' });
  await wire.next('msg_ack', ({ re }) => re === last);
  await call(url, 'PUT', `/conversations/${conversationId}/receipts`, ben.access_token, { read_up_to: 10 });
  expect(wire.of('error')).toEqual([]);
  expect(await server.end('SIGTERM')).toBe(0);
  return { data, id: conversationId };
}

/** What happens to a file, and what audit has to say of it. */
const DAMAGE = [
  ['DELETE FROM log WHERE seq = 7', 'seq does not run from 1 to the head without gap'],
  ['UPDATE log SET count = count + 1 WHERE seq = 9', 'an entry does not carry the number of messages up to it'],
  ['UPDATE membership SET read_up_to = 999, delivered_up_to = 999', 'a cursor lies outside its bounds'],
  ['UPDATE head SET seq = seq - 1', 'seq does not run from 1 to the head without gap'],
  ['UPDATE membership SET read_count = read_count + 1', 'an unread count is not that of the messages'],
] as const;

const test = sceneTest.extend('auditAfter', ({ folder, run }) => {
  /** What audit says of a copy of the data that was changed behind the back of the program. */
  return async (data: string, sql: string): Promise<string> => {
    const copy = await mkdtemp(join(folder, 'damaged-'));
    await cp(data, copy, { recursive: true });
    const database = new DatabaseSync(join(copy, 'parley.db'));
    expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
    database.close();
    const { code, output, errors } = await run(['audit', '--data', copy]);
    expect(code, errors).toBe(1);
    return output;
  };
});

describe('parley audit', () => {
  test('finds nothing after a workload, with the server running or not', async ({ folder, serve, run }) => {
    const { data } = await workload(folder, serve);
    const clean = `1 conversations and 2 users in ${data}: every place is filled, every count and cursor is true.\n`;
    expect(await run(['audit', '--data', data])).toMatchObject({ code: 0, output: clean });
    await serve(['--data', data]).address();
    expect(await run(['audit', '--data', data])).toMatchObject({ code: 0, output: clean });
  });

  test('[S1] finds planted damage, and says what and where', async ({ folder, serve, auditAfter }) => {
    const { data, id } = await workload(folder, serve);
    for (const [sql, claim] of DAMAGE) {
      const output = await auditAfter(data, sql);
      expect(output, sql).toContain(`${id}: `);
      expect(output, sql).toContain(claim);
      expect(output, sql).toMatch(/\d+ findings in 1 conversations and 2 users\. Keep a copy of /);
    }
  });
});

describe('parley admin', () => {
  test('shows accounts, conversations and counts, and never a message or a secret', async ({ folder, serve, run }) => {
    const { data, id } = await workload(folder, serve);
    const [users, conversations, stats] = [
      await run(['admin', 'users', '--data', data]),
      await run(['admin', 'conversations', '--data', data]),
      await run(['admin', 'stats', '--data', data]),
    ];
    expect(users).toMatchObject({ code: 0, errors: '' });
    expect(users.output.split('\n')[0]).toMatch(/^id +known as +name +role +devices +since +last seen$/);
    expect(users.output).toMatch(/ anna_\w{8} +Anna +administrator +1 /);
    expect(users.output).toMatch(/ ben_\w{8} +Ben +1 /);
    expect(conversations.output).toMatch(new RegExp(`${id} +direct +- +2 +20 `));
    expect(stats.output).toMatch(/users +2/);
    for (const { output } of [users, conversations, stats]) expect(output).not.toMatch(/message 1|\$argon2|eyJ/);
  });

  test('[PLACE-5] appoints an administrator while the server is stopped, and nobody else', async ({
    folder,
    serve,
    run,
  }) => {
    const { data } = await workload(folder, serve);
    const users = async () => (await run(['admin', 'users', '--data', data])).output;
    const ben = /ben_\w{8}/.exec(await users())?.[0] ?? '';
    expect(await run(['admin', 'appoint', 'nobody', '--data', data])).toEqual({
      code: 1,
      output: '',
      errors: 'There is no account "nobody". Nothing was changed.\n',
    });
    expect(await run(['admin', 'appoint', '--data', data])).toMatchObject({ code: 1, output: '' });
    expect(await run(['admin', 'appoint', ben.toUpperCase(), '--data', data])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Ben \(usr_\w+\) is an administrator now\.\n$/),
    });
    expect(await users()).toMatch(/ Ben +administrator /);
    const nothing = join(folder, 'nothing');
    await mkdir(nothing);
    expect((await run(['admin', 'appoint', ben, '--data', nothing])).code).toBe(1);
    expect(await readdir(nothing)).toEqual([]);
    await serve(['--data', data]).address();
    const refused = await run(['admin', 'appoint', ben, '--data', data]);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.errors).toMatch(/server|use/);
  });

  test('explains what it can do, and what is not there', async ({ folder, run }) => {
    expect(await run(['admin'])).toMatchObject({ code: 0, output: expect.stringContaining('parley admin users') });
    expect(await run(['admin', 'dance'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('There is no "parley admin dance". There is:'),
    });
    const empty = join(folder, 'empty');
    await mkdir(empty);
    const { code, errors } = await run(['admin', 'users', '--data', empty]);
    expect(code).toBe(1);
    expect(errors).toContain(empty);
    expect(errors).not.toContain('    at ');
  });
});

describe('parley doctor', () => {
  test('measures this machine and ends well where a server can run', async ({ folder, run }) => {
    const { code, output, errors } = await run(['doctor', '--data', join(folder, 'data'), '--port', '0']);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    for (const what of ['Parley', 'Node', 'SQLite', 'Processors', 'Memory', 'Free space for data', 'Open files'])
      expect(output).toMatch(new RegExp(`^(ok|note) +${what} `, 'm'));
    expect(output).toMatch(/Flushing to disk +\d+\.\d\d ms \(median of 200\)/);
    expect(output).toMatch(/Nothing keeps a server from running here\.\n$/);
  });

  test('notes a port in use, and writes nothing', async ({ folder, serve, run }) => {
    const data = join(folder, 'data');
    const { port } = new URL(await serve(['--store', 'memory']).address());
    const { code, output } = await run(['doctor', '--data', data, '--port', port]);
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`note +Port ${port} +in use`));
    await expect(mkdir(data)).resolves.toBeUndefined();
  });
});

describe('what nobody meant', () => {
  test('a verb that does not exist is a sentence', async ({ run }) => {
    expect(await run(['dance'])).toMatchObject({
      code: 2,
      errors: '"dance" is nothing that this program does. It does: serve, doctor, admin, audit, backup, restore.\n',
    });
  });

  test('--help explains a verb and does nothing', async ({ run }) => {
    for (const verb of ['serve', 'backup']) {
      const { code, output, errors } = await run([verb, '--help']);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(output).toContain(`parley ${verb} `);
    }
  });
});
