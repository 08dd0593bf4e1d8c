import { join } from 'node:path';
import { API_PREFIX, type ConversationId, type DeviceId, type Snapshot, type UserId } from '@parley/protocol';
import { callJson, type Person, registerPerson, startDirect } from '../people.ts';
import { startServer } from '../server-process.ts';
import { ClonedRows } from './cloned-rows.ts';
import { Settlers } from './settlers.ts';
import { TokenMint } from './token-mint.ts';

/** Who is to be there; people are numbered from 0. */
export interface WorldPlan {
  readonly people: number;
  readonly directs?: readonly (readonly [number, number])[];
  readonly groups?: readonly (readonly number[])[];
  /** Channels: the first is the owner, the only one who writes. */
  readonly channels?: readonly (readonly number[])[];
  /** Messages of so many bytes in each direct conversation, written as if sent in turn. */
  readonly messagesPerDirect?: number;
  readonly messageBytes?: number;
}

export interface Citizen {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly token: string;
  /** Head of the user's log. */
  readonly userSeq: number;
}

export interface World {
  readonly epoch: string;
  readonly people: readonly Citizen[];
  readonly directs: readonly ConversationId[];
  readonly groups: readonly ConversationId[];
  readonly channels: readonly ConversationId[];
}

/** Two people, a direct conversation with a message in it, a group and a channel: one of everything that is copied. */
async function foundTown(url: string): Promise<{ readonly founder: Person; readonly epoch: string }> {
  const founder = await registerPerson(url, 'Founder');
  const second = await registerPerson(url, 'Second');
  const direct = await startDirect(url, founder, second);
  const members = { member_ids: [second.userId] };
  const room = { kind: 'group', name: 'Room', ...members };
  const channel = { kind: 'channel', name: 'Channel', visibility: 'private', ...members };
  for (const body of [room, channel]) await callJson(url, 'POST', '/conversations', body, founder.accessToken);
  const message = { client_msg_id: crypto.randomUUID(), content: { text: 'x' } };
  await callJson(url, 'POST', `/conversations/${direct}/messages`, message, founder.accessToken);
  const response = await fetch(`${url}${API_PREFIX}/snapshot`, {
    headers: { authorization: `Bearer ${founder.accessToken}` },
  });
  // The cast holds as far as the server keeps its schemas, which its own tests check.
  return { founder, epoch: ((await response.json()) as Snapshot).epoch };
}

/**
 * Fills a fresh data folder with people and conversations within seconds: a real server makes one of each, then the rows are copied while it is stopped
 * (`parley audit` finds nothing in the result; a test holds that).
 */
export async function makeWorld(
  dataDirectory: string,
  plan: WorldPlan,
  onProgress: (line: string) => void = () => undefined,
): Promise<World> {
  const server = await startServer(dataDirectory);
  const { founder, epoch } = await foundTown(server.url).finally(() => server.stop('SIGTERM'));
  const mint = new TokenMint(dataDirectory, founder.accessToken);
  const rows = new ClonedRows(join(dataDirectory, 'parley.db'));
  try {
    const settlers = new Settlers(rows, founder);
    settlers.settle(plan, onProgress);
    const people = settlers.people.map(({ userId, deviceId, userSeq }) => ({
      userId,
      deviceId,
      userSeq,
      token: mint.tokenFor(userId, deviceId),
    }));
    return { epoch, people, directs: settlers.directs, groups: settlers.groups, channels: settlers.channels };
  } finally {
    rows.close();
  }
}
