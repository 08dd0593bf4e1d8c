import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from './scene.ts';

const timesIn = (text: string, part: RegExp): number => [...text.matchAll(new RegExp(part, 'g'))].length;

describe('parley chat, lines in and lines out', () => {
  test('two people talk: ticks, a reply, an edit, a reaction, a deletion, who has read what', async ({ signUp }) => {
    const [anna, ben] = [await signUp('anna'), await signUp('ben')];
    anna.type('/open ben', 'Are you there?');
    await anna.shows(/#2 \d\d:\d\d you: Are you there\? ✓/);
    ben.type('/open anna');
    await ben.shows(/#2 \d\d:\d\d anna: Are you there\?/);
    await anna.shows('Are you there? ✓✓ read');
    ben.type('/reply 2 Yes. What is new?');
    await anna.shows(/#3 \d\d:\d\d ben: ↳ \(you: Are you there\?\) Yes\. What is new\?/);
    anna.type('/react 3 👍');
    await ben.shows(/Yes\. What is new\? 👍/);
    anna.type('/edit 2 Are you here?');
    await ben.shows(/#2 \d\d:\d\d anna: Are you here\? edited/);
    anna.type('/delete 2');
    await ben.shows(/#2 .*deleted/);
    ben.type('/who');
    await ben.shows('Message 3: delivered to 1 of 1, read by 1.');
    for (const terminal of [anna, ben]) terminal.type('/quit');
    expect([await anna.ended, await ben.ended]).toEqual([0, 0]);
    expect(anna.text).not.toContain('a long enough password');
  });

  test('lists, unknown names and commands that make no sense are answered with sentences', async ({ signUp, open }) => {
    const anna = await signUp('anna');
    anna.type('/list', '/open nobody-here', 'hello?', '/dance', '/edit', '/help', '//open', '', '/quit');
    expect(await anna.ended).toBe(0);
    expect(anna.text).toContain('No conversations yet. /open USERNAME starts one.');
    expect(anna.text).toContain('Nobody here is called “nobody-here”.');
    expect(timesIn(anna.text, /Open a conversation first: \/list, then \/open NAME\./)).toBe(2);
    expect(anna.text).toContain('There is no command /dance; /help lists them.');
    expect(anna.text).toContain('Write it like this: /edit 12 the text');
    expect(anna.text).toContain('/react N emoji');
    for (const [args, sentence] of [
      [['chat', '--url', 'ftp://x'], '--url must be an address such as http://localhost:8080, not "ftp://x".'],
      [['chat', '--as', 'a/b'], '--as takes 1 to 40 letters, digits, dashes and underscores.'],
      [['dance'], '"dance" is nothing that this program does. It does: chat, demo.'],
    ] as const) {
      const terminal = open(...args);
      expect(await terminal.ended).not.toBe(0);
      expect(terminal.text).toBe(`${sentence}\n`);
    }
  });

  test('[SEND-4] what is written without a server survives quitting, and is delivered once when both are back', async ({
    server,
    open,
    signUp,
  }) => {
    const [anna, ben] = [await signUp('anna'), await signUp('ben')];
    anna.type('/open ben', 'with the server');
    await anna.shows(/with the server ✓/);
    ben.type('/quit');
    expect(await ben.ended).toBe(0);
    await server.stop();
    await anna.shows(/\* The (server cannot be reached|connection was interrupted)/);
    anna.type('first without', 'second without');
    await anna.shows('· you: second without (kept on this machine; it is sent by itself)');
    anna.type('/quit');
    expect(await anna.ended).toBe(0);
    expect(anna.text).toContain(
      '2 of your messages wait on this machine; they are sent when you open this profile again.',
    );

    await server.startAgain();
    const again = open('chat', '--url', server.url, '--as', 'anna');
    await again.shows('* Connected.');
    again.type('/quit');
    expect(await again.ended).toBe(0);
    expect(again.text).not.toContain('wait on this machine');

    const back = open('chat', '--url', server.url, '--as', 'ben');
    await back.shows('* Connected.');
    back.type('/open anna');
    await back.shows('anna: second without');
    back.type('/quit');
    expect(await back.ended).toBe(0);
    const said = [...back.text.matchAll(/#(\d+) \d\d:\d\d anna: (\w+ \w+)/g)].map(([, seq, text]) => `${seq} ${text}`);
    expect([...new Set(said)]).toEqual(['2 with the', '3 first without', '4 second without']);
  });

  test('a profile that is open in another terminal is refused with a sentence; one whose terminal died is not', async ({
    folder,
    server,
    open,
    signUp,
  }) => {
    const anna = await signUp('anna');
    const second = open('chat', '--url', server.url, '--as', 'anna');
    expect(await second.ended).toBe(1);
    expect(second.text).toMatch(
      /^The profile "anna" is open in another terminal \(process \d+\)\. Close it, or take another one: --as second\.\n$/,
    );
    anna.type('/devices');
    await anna.shows('(this one)');
    await anna.kill();
    const third = open('chat', '--url', server.url, '--as', 'anna');
    await third.shows('* Connected.');

    const [profile] = await readdir(join(folder, 'home', 'parley', new URL(server.url).host.replace(':', '_')));
    const path = join(folder, 'home', 'parley', new URL(server.url).host.replace(':', '_'), profile ?? '');
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test('a refused log-in is told in the server’s words, three times', async ({ server, open }) => {
    const terminal = open('chat', '--url', server.url, '--as', 'nobody');
    terminal.type('l', 'nobody', 'wrong password', 'nobody', 'wrong password', 'nobody', 'wrong password');
    expect(await terminal.ended).toBe(1);
    expect(timesIn(terminal.text, /Username: /)).toBe(3);
    expect(terminal.text).not.toContain('    at ');
  });

  test('input that ends before the questions are answered changes nothing', async ({ server, open }) => {
    const terminal = open('chat', '--url', server.url, '--as', 'nobody');
    terminal.hangUp('r');
    expect(await terminal.ended).toBe(1);
    expect(terminal.text).toContain('The input ended before the question was answered. Nothing was changed.');
  });
});
