import { randomUUID } from 'node:crypto';
import { API_PREFIX } from '@parley/protocol';

export const PASSWORD = 'correct horse battery';

export interface Answer {
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One call; a refusal that is no problem with a code is an outcome of its own, which no table expects. */
export async function callAs(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url + API_PREFIX + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  // The cast holds: every JSON answer of the API is an object.
  const parsed = (isJson && text !== '' ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { outcome: response.status < 400 ? 'done' : String(parsed.code ?? response.status), text, body: parsed };
}

/** A logged-in device of an account of this run. */
export class Person {
  readonly url: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly username: string;
  readonly token: string;
  readonly refreshToken: string;

  private constructor(url: string, username: string, { body }: Answer) {
    this.url = url;
    this.username = username;
    // The casts hold: the answer is a session, or the strings are of no use in every cell.
    this.userId = String((body.me as { user_id?: string } | undefined)?.user_id);
    this.deviceId = String(body.device_id);
    this.token = String(body.access_token);
    this.refreshToken = String(body.refresh_token);
  }

  static async register(url: string, name: string): Promise<Person> {
    const username = `u${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    const body = { name, username, password: PASSWORD, device_name: 'first' };
    return new Person(url, username, await callAs(url, null, 'POST', '/auth/register', body));
  }

  async logIn(): Promise<Person> {
    const body = { identifier: this.username, password: PASSWORD, device_name: 'another' };
    return new Person(this.url, this.username, await callAs(this.url, null, 'POST', '/auth/login', body));
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return callAs(this.url, this.token, method, path, body);
  }

  /** A step of the preparation, which must succeed. */
  async prepare(method: string, path: string, body?: unknown): Promise<Answer['body']> {
    const answer = await this.call(method, path, body);
    if (answer.outcome !== 'done') throw new Error(`The preparation ${method} ${path} was refused: ${answer.text}`);
    return answer.body;
  }
}
