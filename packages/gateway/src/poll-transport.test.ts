import type { ServerFrame } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { newCounters } from './counters.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { PollTransport } from './poll-transport.ts';

const pong = (re: number): ServerFrame => ({ type: 'pong', re, server_time: 0 });

function setUp(bytesMax = 10_000) {
  const counters = newCounters();
  const transport = new PollTransport(bytesMax, counters);
  const send = (...res: number[]) => res.map((re) => transport.send(new EncodedFrame(pong(re), counters)));
  return { transport, send };
}

describe('PollTransport', () => {
  it('[POLL-2] frames are handed out again until a cursor acknowledges them', () => {
    const { transport, send } = setUp();
    send(1, 2);
    expect(transport.handOut()).toEqual({ upTo: 2, frames: [pong(1), pong(2)] });
    send(3);
    expect(transport.acknowledge(0)).toBe(true);
    expect(transport.handOut()).toEqual({ upTo: 3, frames: [pong(1), pong(2), pong(3)] });
    expect(transport.acknowledge(2)).toBe(true);
    expect(transport.handOut()).toEqual({ upTo: 3, frames: [pong(3)] });
  });

  it('[POLL-2] a number before the acknowledged one, or never handed out, is refused and changes nothing', () => {
    const { transport, send } = setUp();
    send(1, 2, 3);
    transport.handOut();
    transport.acknowledge(2);
    expect([transport.acknowledge(1), transport.acknowledge(4)]).toEqual([false, false]);
    expect(transport.handOut().frames).toEqual([pong(3)]);
  });

  it('[CONN-11] frames that were handed out and not acknowledged count towards the bound', () => {
    const { transport, send } = setUp(100);
    expect(send(1, 2)).toEqual([true, true]);
    transport.handOut();
    expect(transport.hasRoom).toBe(false);
    expect(send(3)).toEqual([false]);
    transport.acknowledge(2);
    expect(send(3)).toEqual([true]);
  });

  it('[POLL-2] a waiting request is called when a frame comes, and when another request takes its place', () => {
    const { transport, send } = setUp();
    const calls: string[] = [];
    transport.onNews(() => calls.push('first'));
    transport.onNews(() => calls.push('second'));
    expect(calls).toEqual(['first']);
    send(1, 2);
    expect(calls).toEqual(['first', 'second']);
  });
});
