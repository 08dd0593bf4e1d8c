import type { OutboxRow, OutboxRowState } from '@parley/client';
import { makeDeviceId, makeGroupId, makeUserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { harmless, shortTime, waitingLine } from './words.ts';

describe('what others write', () => {
  it('never reaches the terminal as a command to it', () => {
    expect(harmless('\u001b[2Jcleared\u0007 \u009b31m')).toBe('�[2Jcleared� �31m');
    expect(harmless('tab\tand\rreturn')).toBe('tab�and�return');
  });

  it('cannot turn a line around with marks of direction', () => {
    expect(harmless('safe\u202egpj.exe\u2066')).toBe('safe�gpj.exe�');
  });

  it('stays as it is otherwise, lines and faces included', () => {
    const text = 'two\nlines 👩‍👩‍👧 שלום ä';
    expect(harmless(text)).toBe(text);
  });
});

describe('times', () => {
  it('are hour and minute today, and the day before that', () => {
    const now = new Date(2026, 4, 17, 9, 5).getTime();
    expect(shortTime(now - 60_000, now)).toBe('09:04');
    expect(shortTime(new Date(2026, 4, 16, 23, 59).getTime(), now)).toBe('2026-05-16');
  });
});

describe('what waits', () => {
  const row = (state: OutboxRowState, text = 'hello'): OutboxRow => ({
    clientMsgId: '7f2f6a52-7f0f-4e6b-8f0b-0c6f6f1c1c11',
    userId: makeUserId(1n),
    deviceId: makeDeviceId(2n),
    conversationId: makeGroupId(3n),
    createdAt: 0,
    order: 1,
    write: { kind: 'send', content: { text } },
    state,
  });

  it('is not shown while it is on its way or stored', () => {
    expect(waitingLine(row({ kind: 'pending' }), true)).toBeUndefined();
    expect(waitingLine(row({ kind: 'stored', seq: 3 }), false)).toBeUndefined();
  });

  it('is shown as kept without a connection, or while the server does not take it', () => {
    const line = '· you: hello (kept on this machine; it is sent by itself)';
    expect(waitingLine(row({ kind: 'pending' }), false)).toBe(line);
    expect(waitingLine(row({ kind: 'pending', delay: { code: 'RATE_LIMITED', untilMs: 5 } }), true)).toBe(line);
  });

  it('is shown with the reason when it was refused', () => {
    const refused = row({ kind: 'failed', code: 'NOT_FOUND', detail: 'It is gone.' }, 'a\u0007b');
    expect(waitingLine(refused, true)).toBe('✗ not sent: a�b (It is gone. /retry sends it again.)');
  });
});
