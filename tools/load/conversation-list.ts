import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_PREFIX } from '@parley/protocol';
import { callJson, registerPerson } from './people.ts';
import { startServer } from './server-process.ts';

/** `npm run list-figures -- 1000`: how long the first page of a conversation list takes for somebody with so many conversations. */
const AT_ONCE = 32;
const ROUNDS = 500;

const conversations = Number(process.argv[2] ?? 1_000);
const directory = await mkdtemp(join(tmpdir(), 'parley-list-'));
const server = await startServer(directory);
try {
  const person = await registerPerson(server.url, 'Somebody with many conversations');
  for (let made = 0; made < conversations; made += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, conversations - made) }, async (_, index) => {
      const body = { kind: 'group', name: `Conversation ${made + index}`, member_ids: [] };
      return callJson(server.url, 'POST', '/conversations', body, person.accessToken);
    });
    await Promise.all(batch);
    if (made % 1_024 === 0) process.stderr.write(`  ${made} of ${conversations} conversations made\r`);
  }
  const timesMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${server.url}${API_PREFIX}/conversations?limit=20`, {
      headers: { authorization: `Bearer ${person.accessToken}` },
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`The list was refused with ${response.status}.`);
    timesMs.push(performance.now() - startedAt);
  }
  timesMs.sort((one, other) => one - other);
  const at = (share: number): string => (timesMs[Math.floor(ROUNDS * share)] ?? Number.NaN).toFixed(1);
  process.stdout.write(
    `First page of 20 of ${conversations} conversations, over HTTP, ${ROUNDS} times: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms.\n`,
  );
} finally {
  await server.stop('SIGTERM');
  await rm(directory, { recursive: true, force: true });
}
