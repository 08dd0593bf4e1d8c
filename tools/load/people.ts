import { randomUUID } from 'node:crypto';
import { API_PREFIX, type ConversationId, type DeviceId, type UserId } from '@parley/protocol';

/** A logged-in device of a made-up person. */
export interface Person {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly accessToken: string;
}

interface SessionAnswer {
  readonly access_token: string;
  readonly device_id: DeviceId;
  readonly me: { readonly user_id: UserId };
}

/** One JSON call; throws a sentence with the server's own words when it refuses. */
export async function callJson<T>(
  url: string,
  method: string,
  path: string,
  body: unknown,
  token?: string,
): Promise<T> {
  const response = await fetch(`${url}${API_PREFIX}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 300)}`);
  // The cast holds as far as the server keeps its schemas, which its own tests check.
  return JSON.parse(text) as T;
}

export async function registerPerson(url: string, name: string): Promise<Person> {
  const body = {
    name,
    username: `u${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    password: 'a long enough password',
    device_name: 'load',
  };
  const session = await callJson<SessionAnswer>(url, 'POST', '/auth/register', body);
  return { userId: session.me.user_id, deviceId: session.device_id, accessToken: session.access_token };
}

export async function startDirect(url: string, one: Person, other: Person): Promise<ConversationId> {
  const body = { kind: 'direct', user_id: other.userId };
  return (await callJson<{ conversation_id: ConversationId }>(url, 'POST', '/conversations', body, one.accessToken))
    .conversation_id;
}
