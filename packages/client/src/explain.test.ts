import { makeDeviceId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { ALICE, GROUP } from '../test/samples.ts';
import type { ConnectionStatus } from './connection/status.ts';
import { ENGLISH, explainConnection, explainRow, inEnglish } from './explain.ts';
import type { OutboxRow, OutboxRowState } from './outbox/outbox-row.ts';

const row = (state: OutboxRowState): OutboxRow => ({
  clientMsgId: 'key',
  userId: ALICE,
  deviceId: makeDeviceId(1n),
  conversationId: GROUP,
  createdAt: 0,
  order: 0,
  write: { kind: 'send', content: { text: 'Hello' } },
  state,
});
const live: ConnectionStatus = { kind: 'live', transport: 'websocket' };
const statuses: ConnectionStatus[] = [
  { kind: 'offline' },
  { kind: 'connecting', attempt: 0 },
  { kind: 'connecting', attempt: 3 },
  { kind: 'authenticating' },
  { kind: 'syncing' },
  live,
  { kind: 'live', transport: 'long_poll' },
  { kind: 'waiting', untilMs: 9_500, attempt: 1, reason: 'connection_lost' },
  { kind: 'waiting', untilMs: 9_500, attempt: 1, reason: 'unreachable' },
  { kind: 'waiting', untilMs: 9_500, attempt: 1, reason: 'server_refused' },
  { kind: 'stopped', reason: 'signed_out' },
  { kind: 'stopped', reason: 'DEVICE_REVOKED' },
];

describe('explanations', () => {
  it('every state of the connection and of a row has a sentence without holes, and every sentence a state', () => {
    const rows: OutboxRowState[] = [
      { kind: 'pending' },
      { kind: 'pending', delay: { code: 'RATE_LIMITED', untilMs: 9_500 } },
      { kind: 'stored', seq: 3 },
      { kind: 'failed', code: 'FORBIDDEN', detail: 'Only the owner writes here.' },
    ];
    const all = [
      ...statuses.map((status) => explainConnection(status, 8_000)),
      ...statuses.map((status) => explainRow(row({ kind: 'pending' }), status, true, 8_000)),
      ...rows.flatMap((state) => [true, false].map((isNext) => explainRow(row(state), live, isNext, 8_000))),
    ];
    for (const explanation of all) expect(inEnglish(explanation)).toMatch(/^[A-Z][^{}]*\.$/);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(Object.keys(ENGLISH)));
  });

  it('a message that waits says why, that it is safe, and when it goes on', () => {
    const waiting = explainRow(
      row({ kind: 'pending' }),
      { kind: 'waiting', untilMs: 9_500, attempt: 1, reason: 'unreachable' },
      true,
      8_000,
    );
    expect(inEnglish(waiting)).toBe(
      'Stored on this device, not sent yet: The server cannot be reached. Trying again in 2 s. It is sent by itself, also after a restart.',
    );
  });
});
