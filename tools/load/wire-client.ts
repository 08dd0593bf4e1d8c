import {
  API_PREFIX,
  binaryCodec,
  type Command,
  type ServerFrame,
  type Snapshot,
  SUBPROTOCOLS,
  WEBSOCKET_PATH,
} from '@parley/protocol';
import { WebSocket } from 'ws';
import type { Person } from './people.ts';

const OPEN_DEADLINE_MS = 20_000;

/** A bare connection for measuring: no store, no retries, frames in and out. */
export interface WireClient {
  send(command: Command): void;
  onFrame: (frame: ServerFrame) => void;
  onClose: () => void;
  close(): void;
}

async function takeSnapshot(url: string, person: Person): Promise<Snapshot> {
  const response = await fetch(`${url}${API_PREFIX}/snapshot`, {
    headers: { authorization: `Bearer ${person.accessToken}` },
  });
  if (!response.ok) throw new Error(`A snapshot was refused with ${response.status}.`);
  // The cast holds as far as the server keeps its schemas, which its own tests check.
  return (await response.json()) as Snapshot;
}

/** Takes a snapshot, connects, authenticates and syncs from it; resolves when live. */
export async function openWireClient(url: string, person: Person): Promise<WireClient> {
  const { epoch, user_seq, conversations } = await takeSnapshot(url, person);
  const positions = conversations.map(({ conversation_id, head_seq }) => ({ conversation_id, seq: head_seq }));
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${WEBSOCKET_PATH}`, [SUBPROTOCOLS.binary], {
      perMessageDeflate: false,
    });
    const deadline = setTimeout(() => fail('was not live in time'), OPEN_DEADLINE_MS);
    const client: WireClient = {
      send: (command) => socket.send(binaryCodec.encodeCommand(command)),
      onFrame: () => undefined,
      onClose: () => undefined,
      close: () => socket.terminate(),
    };
    const fail = (what: string): void => {
      clearTimeout(deadline);
      socket.terminate();
      reject(new Error(`A connection ${what}.`));
    };
    const onGreeting = (frame: ServerFrame): void => {
      if (frame.type === 'hello') client.send({ type: 'authenticate', id: 1, token: person.accessToken });
      else if (frame.type === 'authenticated') client.send({ type: 'sync', id: 2, epoch, user_seq, positions });
      else if (frame.type === 'resumed') {
        clearTimeout(deadline);
        client.onFrame = () => undefined;
        resolve(client);
      } else if (frame.type === 'error') fail(`was refused: ${frame.detail}`);
    };
    client.onFrame = onGreeting;
    socket.on('message', (data: Buffer) => {
      const decoded = binaryCodec.decodeServerFrame(data);
      if (decoded.kind === 'ok') client.onFrame(decoded.value);
    });
    socket.on('error', (error) => fail(`failed: ${error.message}`));
    socket.on('close', (code) => {
      fail(`was closed with ${code}`);
      client.onClose();
    });
  });
}
