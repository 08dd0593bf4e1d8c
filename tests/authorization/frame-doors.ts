import { SUBPROTOCOLS, WEBSOCKET_PATH } from '@parley/protocol';
import { WebSocket } from 'ws';
import { callAs, type Person } from './people.ts';

interface Frame {
  readonly type: string;
  readonly re?: number;
  readonly code?: string;
}

const DEADLINE_MS = 10_000;
const COMMAND_ID = 7;
const FENCE_ID = 8;
/** Answered in its turn, without looking at anything: what stands before it is done by then. */
const FENCE = { type: 'unsubscribe', id: FENCE_ID, conversation_id: 'chn_0000000000001' };

/** The reply's outcome, the reply in words, and everything that came, so that it can be searched. */
export interface Heard {
  readonly outcome: string;
  readonly reply: string;
  readonly text: string;
}

const heard = (frames: readonly Frame[]): Heard => {
  const reply = frames.find(({ re }) => re === COMMAND_ID);
  const outcome = reply === undefined ? 'silent' : reply.type === 'error' ? String(reply.code) : 'done';
  return { outcome, reply: JSON.stringify(reply ?? null), text: JSON.stringify(frames) };
};

/** Asks over a WebSocket: `token` is sent first, unless it is `null`; then the command, then the fence. Ends with the fence's answer or the close. */
export function askSocket(url: string, token: string | null, command: object): Promise<Heard> {
  const webSocket = new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH, [SUBPROTOCOLS.json]);
  const frames: Frame[] = [];
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => finish(new Error('A command was not answered in time.')), DEADLINE_MS);
    const finish = (error?: Error): void => {
      clearTimeout(deadline);
      webSocket.terminate();
      if (error === undefined) resolve(heard(frames));
      else reject(error);
    };
    webSocket.on('error', finish);
    webSocket.on('close', () => {
      // A refused token ends the connection: its error stands for all that followed.
      const [refusal] = frames.filter(({ type }) => type === 'error');
      if (refusal !== undefined && !frames.some(({ re }) => re === COMMAND_ID))
        frames.push({ ...refusal, re: COMMAND_ID });
      finish();
    });
    webSocket.on('open', () => {
      if (token !== null) webSocket.send(JSON.stringify({ type: 'authenticate', id: 1, token }));
      webSocket.send(JSON.stringify({ ...command, id: COMMAND_ID }));
      webSocket.send(JSON.stringify(FENCE));
    });
    webSocket.on('message', (data) => {
      // The cast holds: the server's frames are objects with a type.
      const frame = JSON.parse(String(data)) as Frame;
      frames.push(frame);
      if (frame.re === FENCE_ID) finish();
    });
  });
}

/** Asks over a long-poll session of the actor's own. */
export async function askPoll(actor: Person, command: object): Promise<Heard> {
  const opened = await actor.prepare('POST', '/events');
  let cursor = String(opened.cursor);
  const commands = [{ ...command, id: COMMAND_ID }, FENCE];
  const frames: Frame[] = [];
  const sent = await actor.call('POST', `/events/commands?cursor=${cursor}`, { frames: commands });
  if (sent.outcome !== 'done') return { outcome: sent.outcome, reply: sent.text, text: sent.text };
  while (!frames.some(({ re }) => re === FENCE_ID)) {
    const answer = await actor.prepare('GET', `/events?cursor=${cursor}`);
    // The cast holds: the answer of a poll lists frames.
    frames.push(...(answer.frames as Frame[]));
    cursor = String(answer.cursor);
  }
  await actor.prepare('DELETE', `/events?cursor=${cursor}`);
  return heard(frames);
}

/** Whoever is not let in opens no session: tries to speak through somebody else's. */
export async function pokePoll(url: string, token: string | null, cursor: string, command: object): Promise<Heard> {
  const frames = [{ ...command, id: COMMAND_ID }];
  const { outcome, text } = await callAs(url, token, 'POST', `/events/commands?cursor=${cursor}`, { frames });
  return { outcome, reply: text, text };
}
