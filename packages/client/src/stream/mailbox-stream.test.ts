import { type MailboxItem, makeDeviceId } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { BOB } from '../../test/samples.ts';
import { MailboxStream } from './mailbox-stream.ts';

const item = (seq: number): MailboxItem => ({
  type: 'mailbox_item',
  seq,
  sender_id: BOB,
  sender_device_id: makeDeviceId(2n),
  created_at: 1,
  payload: 'AAAA',
});

function open() {
  const clock = new FakeClock();
  const acknowledged: number[] = [];
  const reported: unknown[] = [];
  const stream = new MailboxStream({
    environment: {
      after: (delayMs, callback) => clock.after(delayMs, callback),
      random: () => 0.5,
      report: (error) => void reported.push(error),
    },
    tell: ({ up_to }) => void acknowledged.push(up_to),
    onOverflow: () => undefined,
  });
  return { clock, acknowledged, reported, stream };
}

describe('the mailbox of a device', () => {
  it('[BOX-1] an item is acknowledged after its handler has resolved, in order, and handled once', async () => {
    const { clock, acknowledged, stream } = open();
    const handled: number[] = [];
    for (const seq of [1, 2, 2, 3]) stream.take(item(seq));
    await clock.advance(10);
    expect(acknowledged).toEqual([]);
    stream.handleWith(async ({ seq }) => void handled.push(seq));
    await clock.advance(10);
    expect([handled, acknowledged]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('[BOX-1] an item whose handler fails stays the next one until it succeeds', async () => {
    const { clock, acknowledged, reported, stream } = open();
    let failures = 2;
    stream.handleWith(async () => {
      if (failures-- > 0) throw new Error('The key store is busy.');
    });
    stream.take(item(1));
    stream.take(item(2));
    await clock.advance(10);
    expect(acknowledged).toEqual([]);
    await clock.advance(10_000);
    expect(acknowledged).toEqual([1, 2]);
    expect(reported).toHaveLength(2);
  });

  it('[BOX-1] what was not handled comes again with the next connection, what was handled does not', async () => {
    const { clock, stream } = open();
    const handled: number[] = [];
    stream.take(item(1));
    stream.reset();
    stream.handleWith(async ({ seq }) => void handled.push(seq));
    for (const seq of [1, 2]) stream.take(item(seq));
    await clock.advance(10);
    stream.reset();
    for (const seq of [1, 2, 3]) stream.take(item(seq));
    await clock.advance(10);
    expect(handled).toEqual([1, 2, 3]);
  });
});
