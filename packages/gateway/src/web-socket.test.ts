import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { WebSocketEnd } from './web-socket.ts';

/** The server's side of a line; `takes`: whether the client takes what is written to it. */
const lineTo = ({ takes }: { readonly takes: boolean }): Duplex =>
  new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => (takes ? done() : undefined) });

describe('WebSocketEnd', () => {
  it('a client that hung up and takes nothing holds its socket for five seconds', async () => {
    const clock = new FakeClock();
    const line = lineTo({ takes: false });
    new WebSocketEnd(line, clock).write(Buffer.from('what waits'));
    line.push(null);
    await clock.advance(4_900);
    expect({ hungUp: line.writableEnded, gone: line.destroyed }).toEqual({ hungUp: true, gone: false });
    await clock.advance(200);
    expect({ gone: line.destroyed, timers: clock.pendingTimers }).toEqual({ gone: true, timers: 0 });
  });

  it('a client that hung up and takes what waits is let go at once, and no timer stays', async () => {
    const clock = new FakeClock();
    const line = lineTo({ takes: true });
    new WebSocketEnd(line, clock).write(Buffer.from('what waits'));
    const closed = once(line, 'close');
    line.push(null);
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });
});
