import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { PublishedApi } from './published-api.ts';
import { type Frame, Socket } from './socket.ts';

/** Fields of answers that tests look into; which of them an answer has is checked against the published schema. */
export interface Body {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly field: string }[];
  readonly retry_after_ms: number;
  readonly user_id: string;
  readonly device_id: string;
  readonly conversation_id: string;
  readonly seq: number;
  readonly count: number;
  readonly duplicate: boolean;
  readonly head_seq: number;
  readonly unread_count: number;
  readonly message_count: number;
  readonly cursor: string;
  readonly next_cursor: string | null;
  readonly older_cursor: string | null;
  readonly newer_cursor: string | null;
  readonly covered: { readonly from_seq: number; readonly to_seq: number };
  readonly covered_up_to: number;
  readonly epoch: string;
  readonly user_seq: number;
  readonly ticket: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly me: Body;
  readonly my: { readonly read_up_to: number; readonly settings: Readonly<Record<string, unknown>> };
  readonly items: readonly Body[];
  readonly messages: readonly Body[];
  readonly entries: readonly Frame[];
  readonly frames: readonly Frame[];
  readonly tombstones: readonly { readonly seq: number; readonly reason: string }[];
  readonly conversations: readonly Body[];
  readonly bundles: readonly Body[];
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of no use where the answer is no JSON. */
  readonly body: Body;
}

export interface Wire {
  readonly url: string;
  readonly api: PublishedApi;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of a JSON body. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}

/** One HTTP call below /api/v1. Every answer must be what the server publishes (HTTP-3) and, where it refuses, a row of the table (ERR-1). */
export async function call(
  { url, api }: Wire,
  method: string,
  path: string,
  body?: unknown,
  { token = null, headers = {}, raw }: CallOptions = {},
): Promise<Answer> {
  const sent = raw ?? (body === undefined ? null : JSON.stringify(body));
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(sent === null ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: sent,
  });
  const text = await response.text();
  const mediaType = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const answered = { method, path: `/api/v1${path}`, status: response.status, mediaType, text };
  expect(api.disagreements(answered), `${method} ${path} answered ${response.status} ${text.slice(0, 300)}`).toEqual(
    [],
  );
  // The cast holds where the body is JSON: it was just compared with the published schema.
  const parsed = (/[/+]json$/.test(mediaType) && text !== '' ? JSON.parse(text) : {}) as Body;
  return { status: response.status, headers: response.headers, text, body: parsed };
}

export const freshKey = (): string => randomUUID();
export const freshName = (): string => `u${randomUUID().replaceAll('-', '').slice(0, 20)}`;
export const PASSWORD = 'correct horse battery';

/** A person with one logged-in device. */
export class Person {
  readonly wire: Wire;
  readonly userId: string;
  readonly deviceId: string;
  readonly username: string;
  readonly token: string;
  readonly refreshToken: string;

  constructor(wire: Wire, username: string, session: Body) {
    this.wire = wire;
    this.username = username;
    this.userId = session.me.user_id;
    this.deviceId = session.device_id;
    this.token = session.access_token;
    this.refreshToken = session.refresh_token;
  }

  static async register(wire: Wire, name: string): Promise<Person> {
    const username = freshName();
    const body = { name, username, password: PASSWORD, device_name: 'first' };
    const { status, body: session, text } = await call(wire, 'POST', '/auth/register', body);
    expect(status, text).toBe(201);
    return new Person(wire, username, session);
  }

  /** The same person on another device. */
  async logIn(password = PASSWORD): Promise<Person> {
    const body = { identifier: this.username, password, device_name: 'another' };
    const { status, body: session, text } = await call(this.wire, 'POST', '/auth/login', body);
    expect(status, text).toBe(200);
    return new Person(this.wire, this.username, session);
  }

  call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    return call(this.wire, method, path, body, { token: this.token, ...options });
  }

  /** A call that must be done. */
  async done(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.call(method, path, body);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(400);
    return answer.body;
  }

  /** The code with which a call is refused; `done` when it is not. */
  async refusal(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.call(method, path, body);
    return answer.status < 400 ? 'done' : answer.body.code;
  }

  async group(others: readonly Person[]): Promise<string> {
    const member_ids = others.map(({ userId }) => userId);
    return (await this.done('POST', '/conversations', { kind: 'group', name: 'Group', member_ids })).conversation_id;
  }

  async channel(visibility: 'public' | 'private', others: readonly Person[], name = 'Channel'): Promise<string> {
    const member_ids = others.map(({ userId }) => userId);
    const body = { kind: 'channel', name, visibility, member_ids };
    return (await this.done('POST', '/conversations', body)).conversation_id;
  }

  async direct(other: Person): Promise<string> {
    const body = { kind: 'direct', user_id: other.userId };
    return (await this.done('POST', '/conversations', body)).conversation_id;
  }

  /** Sends a text over HTTP; gives its seq. */
  async say(conversationId: string, text = 'Hello'): Promise<number> {
    const body = { client_msg_id: freshKey(), content: { text } };
    return (await this.done('POST', `/conversations/${conversationId}/messages`, body)).seq;
  }

  /** The conversation as this person sees it. */
  conversation(conversationId: string): Promise<Body> {
    return this.done('GET', `/conversations/${conversationId}`);
  }

  history(conversationId: string, query = ''): Promise<Body> {
    return this.done('GET', `/conversations/${conversationId}/messages${query}`);
  }

  /** Connected and authenticated, not synchronised. */
  async connect(): Promise<Socket> {
    const socket = await Socket.open(this.wire.url);
    await socket.next('hello');
    expect(await socket.ask({ type: 'authenticate', token: this.token })).toMatchObject({ type: 'authenticated' });
    return socket;
  }

  /** Connected, authenticated and live from a snapshot. */
  async live(): Promise<Socket> {
    const socket = await this.connect();
    expect(await socket.ask(await this.syncFromSnapshot())).toMatchObject({ type: 'resumed', complete: true });
    return socket;
  }

  /** A `sync` for everything that the server has now. */
  async syncFromSnapshot(): Promise<object> {
    const { epoch, user_seq, conversations } = await this.done('GET', '/snapshot');
    const positions = conversations.map(({ conversation_id, head_seq }) => ({ conversation_id, seq: head_seq }));
    return { type: 'sync', epoch, user_seq, positions };
  }
}

/** A `send_message` under a fresh key. */
export const textCommand = (conversation_id: string, text = 'Hello', client_msg_id = freshKey()): object => ({
  type: 'send_message',
  conversation_id,
  client_msg_id,
  content: { text },
});
