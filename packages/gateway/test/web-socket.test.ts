import { once } from 'node:events';
import { connect } from 'node:net';
import { CLOSE } from '@parley/protocol';
import { SeededRandom } from '@parley/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientFrame, closeCodeOf, rawSocket, UPGRADE_REQUEST, untilCame } from './raw-socket.ts';
import { startNode, type TestNode } from './test-node.ts';

const CLOSE_OPCODE = 8;
const PING_OPCODE = 9;
const TEXT_OPCODE = 1;
const PONG_BYTE = 0x8a;
const CLOSE_BYTE = 0x88;

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

describe('the WebSocket under the frames', () => {
  it('the answer proves that the request was read as RFC 6455 §1.3 says, and names the subprotocol', async () => {
    const socket = await rawSocket(node);
    const came = await untilCame(socket, Buffer.from('hello'));
    // The example of the RFC, for the key that rawSocket sends.
    expect(came.toString('latin1')).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(came.toString('latin1')).toContain('Sec-WebSocket-Protocol: parley.v1.json\r\n');
    socket.destroy();
  });

  it('frames that come with the request, before it was answered, are read', async () => {
    const socket = await rawSocket(node, clientFrame(PING_OPCODE, 'early'));
    await untilCame(socket, Buffer.concat([Buffer.of(PONG_BYTE, 5), Buffer.from('early')]));
    expect(node.gateway.stats().connections).toBe(1);
    socket.destroy();
  });

  it('a ping is answered with its own bytes, a pong with nothing', async () => {
    const socket = await rawSocket(node);
    const pong = Buffer.concat([Buffer.of(PONG_BYTE, 4), Buffer.from([0, 255, 1, 254])]);
    const came = untilCame(socket, pong);
    socket.write(Buffer.concat([clientFrame(10, 'unasked'), clientFrame(PING_OPCODE, Buffer.from([0, 255, 1, 254]))]));
    expect((await came).includes('unasked')).toBe(false);
    socket.destroy();
  });

  it('a close frame is answered with the same code, and the server hangs up and forgets the connection', async () => {
    const socket = await rawSocket(node);
    const ended = once(socket, 'end');
    const came = untilCame(socket, Buffer.of(CLOSE_BYTE, 2, 0x03, 0xe9));
    // What follows a close frame is not read.
    socket.write(
      Buffer.concat([clientFrame(CLOSE_OPCODE, Buffer.from([0x03, 0xe9])), clientFrame(TEXT_OPCODE, 'nonsense')]),
    );
    expect((await came).includes('BAD_FRAME')).toBe(false);
    await ended;
    expect(node.gateway.stats()).toMatchObject({ connections: 0, framesIn: 0 });
    socket.destroy();
  });

  it('a close frame without a code is answered', async () => {
    const socket = await rawSocket(node);
    const came = untilCame(socket, Buffer.of(CLOSE_BYTE, 0));
    socket.write(clientFrame(CLOSE_OPCODE, ''));
    expect((await came).includes(Buffer.of(CLOSE_BYTE, 0))).toBe(true);
    socket.destroy();
  });

  it('a client that hangs up without a close frame is forgotten', async () => {
    const socket = await rawSocket(node);
    const ended = once(socket.resume(), 'end');
    socket.end();
    await ended;
    expect(node.gateway.stats().connections).toBe(0);
  });

  it('a client that does not answer our close frame is cut off after five seconds', async () => {
    const socket = await rawSocket(node);
    const code = closeCodeOf(socket);
    const gone = once(socket, 'close');
    socket.write(clientFrame(TEXT_OPCODE, 'nonsense'));
    expect(await code).toBe(CLOSE.BAD_FRAME.code);
    // It goes on talking, which nobody reads.
    socket.write(clientFrame(TEXT_OPCODE, '{"type":"ping","id":1}'));
    await node.clock.advance(5_100);
    await gone;
  });

  it('one who breaks the framing after our close frame is cut off at once', async () => {
    const socket = await rawSocket(node);
    const code = closeCodeOf(socket);
    const gone = once(socket, 'close');
    socket.write(clientFrame(TEXT_OPCODE, 'nonsense'));
    await code;
    socket.write(Buffer.from([0xff, 0xff, 0xff]));
    await gone;
    expect(node.gateway.stats().connections).toBe(0);
  });

  it('sockets that break at any moment leave no connection behind', async () => {
    const ada = await node.build.person();
    const group = await node.build.group(ada);
    for (let sent = 0; sent < 20; sent += 1) await node.build.send(ada, group, 'x'.repeat(12_000));
    const token = await node.core.tokenSigner.sign({ ...ada, expiresAt: node.clock.now() + 600_000 });
    const said = [
      { type: 'authenticate', id: 1, token },
      { type: 'sync', id: 2, epoch: await node.core.messageLog.epoch(), user_seq: 0, positions: [] },
      // More than a client that reads nothing lets the server write: its reading is paused when the socket breaks.
      ...Array.from({ length: 40 }, () => ({
        type: 'fetch_entries',
        id: 3,
        conversation_id: group,
        after_seq: 0,
        limit: 20,
      })),
    ];
    const bytes = Buffer.concat([
      Buffer.from(UPGRADE_REQUEST),
      ...said.map((command) => clientFrame(TEXT_OPCODE, JSON.stringify(command))),
      clientFrame(CLOSE_OPCODE, ''),
    ]);
    const random = new SeededRandom(7);
    const breaks = Array.from({ length: 300 }, () => {
      const how = (['destroy', 'resetAndDestroy', 'destroySoon'] as const)[random.below(3)] ?? 'destroy';
      return { how, afterMs: 1 + random.below(25), reads: random.below(2) === 0, upTo: random.below(2 * bytes.length) };
    });
    // A few at a time: more keep this process so busy that most are broken before the server has seen them.
    for (let first = 0; first < breaks.length; first += 10)
      await Promise.all(breaks.slice(first, first + 10).map((one) => breakSocket(node, bytes, one)));
    await vi.waitFor(() => expect(node.gateway.stats().connections).toBe(0), 5_000);
    expect(node.gateway.stats().connectionsOpened).toBeGreaterThan(100);
  }, 60_000);
});

interface Break {
  readonly how: 'destroy' | 'resetAndDestroy' | 'destroySoon';
  readonly afterMs: number;
  readonly reads: boolean;
  /** So many bytes are sent before; more than there are: all. */
  readonly upTo: number;
}

function breakSocket(node: TestNode, bytes: Buffer, { how, afterMs, reads, upTo }: Break): Promise<unknown> {
  const socket = connect(node.port, '127.0.0.1').on('error', () => undefined);
  if (reads) socket.resume();
  socket.write(bytes.subarray(0, upTo));
  setTimeout(() => socket[how](), afterMs);
  return once(socket, 'close');
}
