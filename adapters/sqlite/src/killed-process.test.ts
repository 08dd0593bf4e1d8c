import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeGroupId, parseConversationId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { temporaryDirectory, test } from '../test/temporary-store.ts';

const CHILD = fileURLToPath(new URL('../test/write-until-killed.ts', import.meta.url));
const ROUNDS = 5;

interface Acknowledged {
  readonly conversationId: string;
  readonly seq: number;
  readonly text: string;
}

/** Lets a process write until it has acknowledged so many messages, kills it in full flight, and returns all that it has acknowledged. */
async function writeAndKill(directory: string, acknowledgedMin: number): Promise<Acknowledged[]> {
  const child: ChildProcess = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let output = '';
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    output += chunk;
    if (!child.killed && output.split('\n').length > acknowledgedMin) child.kill('SIGKILL');
  }
  await closed;
  expect(child.signalCode).toBe('SIGKILL');
  // What follows the last line break is half a line.
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [conversationId = '', seq = '', ...words] = line.split(' ');
      return { conversationId, seq: Number(seq), text: words.join(' ') };
    });
}

describe('kill -9', () => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    test(`[S2] everything acknowledged is there, gapless, and the directory is free (round ${round})`, async ({
      openStore,
    }) => {
      const directory = temporaryDirectory();
      const acknowledged = await writeAndKill(directory, 150 * round);
      expect(acknowledged.length).toBeGreaterThanOrEqual(150 * round);
      const { opened } = await openStore({ directory });
      for (const [conversation, messages] of Map.groupBy(acknowledged, ({ conversationId }) => conversationId)) {
        const conversationId = parseConversationId(conversation) ?? makeGroupId(0n);
        const { entries } = await opened.stores.messageLog.readAfter(conversationId, 0, 100_000);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
        for (const { seq, text } of messages) {
          expect(entries[seq - 1]).toMatchObject({ type: 'new_message', seq, content: { text } });
        }
      }
      expect((await opened.audit()).findings).toEqual([]);
      expect(await opened.integrityCheck()).toEqual([]);
    });
  }
});
