import { jsonCodec, LIMITS, type LogEntry, makeGroupId, makeMessageId, makeUserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { entriesFrame } from './entries-frame.ts';

const group = makeGroupId(1n);
const message = (seq: number, length: number): LogEntry => ({
  type: 'new_message',
  conversation_id: group,
  seq,
  count: seq,
  created_at: 1_760_000_000_000,
  sender_id: makeUserId(2n),
  message_id: makeMessageId(BigInt(seq)),
  client_msg_id: '0f0e0d0c-0b0a-4908-8706-050403020100',
  content: { text: 'ü'.repeat(length) },
});
const page = (entries: LogEntry[], covered: number) => ({
  after_seq: 0,
  covered_up_to: covered,
  head_seq: 200,
  entries,
});

describe('entriesFrame', () => {
  it('[SYNC-10] a page that fits is passed on as it is', () => {
    const frame = entriesFrame(7, group, page([message(1, 10), message(3, 10)], 5));
    expect(frame).toMatchObject({ re: 7, covered_up_to: 5, head_seq: 200 });
    expect(frame.entries.map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it('[FRAME-2] a page that is larger than a frame is cut, and its range ends with the last entry in it', () => {
    const entries = Array.from({ length: 100 }, (_, index) => message(index + 1, 5_000));
    const frame = entriesFrame(7, group, page(entries, 150));
    expect(Buffer.byteLength(jsonCodec.encodeServerFrame(frame))).toBeLessThanOrEqual(LIMITS.frameBytesMax);
    expect(frame.entries.length).toBeGreaterThan(3);
    expect(frame.covered_up_to).toBe(frame.entries.at(-1)?.seq);
  });

  it('[FRAME-2] the largest message alone is never held back', () => {
    const frame = entriesFrame(
      7,
      group,
      page([message(1, LIMITS.textLengthMax), message(2, LIMITS.textLengthMax), message(3, LIMITS.textLengthMax)], 3),
    );
    expect(frame.entries.length).toBeGreaterThanOrEqual(1);
    expect(frame.covered_up_to).toBe(frame.entries.length);
  });
});
