import { jsonCodec, makeGroupId, makeUserId, type ServerFrame } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { newCounters } from './counters.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { OutboundQueue } from './outbound-queue.ts';

const TYPING: ServerFrame = { type: 'typing_start', conversation_id: makeGroupId(1n), user_id: makeUserId(2n) };
const pong = (re: number): ServerFrame => ({ type: 'pong', re, server_time: 1_760_000_000_000 });

function setUp(framesMax: number) {
  const counters = newCounters();
  const frame = (content: ServerFrame) => new EncodedFrame(content, counters);
  const pongBytes = frame(pong(1)).bytes(jsonCodec).byteLength;
  return { counters, frame, queue: new OutboundQueue(jsonCodec, pongBytes * framesMax, counters), pongBytes };
}

describe('OutboundQueue', () => {
  it('[CONN-11] an ephemeral frame that does not fit is dropped and what waits stays', () => {
    const { queue, frame, counters } = setUp(2);
    expect([queue.push(frame(pong(1)), 0), queue.push(frame(pong(2)), 0)]).toEqual(['queued', 'queued']);
    expect(queue.push(frame(TYPING), 0)).toBe('dropped');
    expect(queue.take().map(({ frame }) => frame)).toEqual([pong(1), pong(2)]);
    expect(counters.ephemeralsDropped).toBe(1);
  });

  it('[TYPE-2] waiting ephemerals give way to a frame that must arrive', () => {
    const { queue, frame, counters } = setUp(3);
    queue.push(frame(TYPING), 0);
    queue.push(frame(pong(1)), 0);
    expect(queue.push(frame(pong(2)), 0)).toBe('queued');
    expect(queue.take().map(({ frame }) => frame)).toEqual([pong(1), pong(2)]);
    expect(counters.ephemeralsDropped).toBe(1);
  });

  it('[CONN-11] a frame that does not fit although nothing can be dropped is an overflow', () => {
    const { queue, frame } = setUp(2);
    queue.push(frame(pong(1)), 0);
    queue.push(frame(pong(2)), 0);
    expect(queue.push(frame(pong(3)), 0)).toBe('overflow');
  });

  it('[CONN-11] so is one behind 200,000 small frames', () => {
    const { queue, frame } = setUp(200_000);
    const small = frame(pong(1));
    for (let number = 0; number < 200_000; number += 1) queue.push(small, 0);
    expect(queue.push(small, 0)).toBe('overflow');
    expect(queue.length).toBe(200_000);
  });

  it('[CONN-11] bytes that were taken but are not gone count towards the bound', () => {
    const { queue, frame, pongBytes } = setUp(2);
    expect(queue.push(frame(pong(1)), pongBytes)).toBe('queued');
    expect(queue.push(frame(pong(2)), pongBytes)).toBe('overflow');
  });

  it('gives frames in order, some or all, and keeps count of the bytes', () => {
    const { queue, frame, pongBytes } = setUp(5);
    for (const re of [1, 2, 3]) queue.push(frame(pong(re)), 0);
    expect(queue.take(2).map(({ frame }) => frame)).toEqual([pong(1), pong(2)]);
    expect(queue.bytes).toBe(pongBytes);
    expect(queue.take().map(({ frame }) => frame)).toEqual([pong(3)]);
    expect([queue.bytes, queue.length]).toEqual([0, 0]);
  });
});
