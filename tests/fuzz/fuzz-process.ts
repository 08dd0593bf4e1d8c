import { API_PREFIX, COMMAND_SCHEMAS, ROUTES, type RouteName, SUBPROTOCOLS, WEBSOCKET_PATH } from '@parley/protocol';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import type { Person } from '../authorization/people.ts';
import { COMMAND_REQUESTS, ROUTE_REQUESTS } from '../authorization/requests.ts';
import type { Scene } from '../authorization/scene.ts';
import { HOSTILE_JSON, placesIn, withPlanted } from './hostile-values.ts';
import { rawBytes, rawRequest } from './raw-request.ts';
import { HANG_MS, note, type Tally } from './tally.ts';

/** Requests at a time: enough to keep the server busy, few enough that a slow answer means something. */
const PARALLEL = 6;

/** Routes that would end what the run itself stands on. */
const SPARED: ReadonlySet<RouteName> = new Set(['logout', 'deleteMe', 'pollEvents']);
const ROUTE_NAMES = (Object.keys(ROUTES) as RouteName[]).filter((name) => !SPARED.has(name));

/** These hash passwords, which is meant to take time, in threads of its own. */
const HASHING = /\/auth\/(register|login)|\/me\/password/;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

async function askAll(url: string, token: string, tally: Tally, asks: readonly Ask[]): Promise<void> {
  for (let next = 0; next < asks.length; next += PARALLEL) {
    const batch = asks.slice(next, next + PARALLEL).map(async (ask) => {
      const startedAt = performance.now();
      const { status, text } = await rawRequest(url, { ...ask, token });
      const harm = status === 0 || status >= 500;
      note(
        tally,
        startedAt,
        harm ? `${ask.method} ${ask.path} ${ask.body?.slice(0, 300)}: ${status} ${text.slice(0, 200)}` : undefined,
        HASHING.test(ask.path)
          ? undefined
          : { what: `${ask.method} ${ask.path.slice(0, 200)}`, ask: () => rawRequest(url, { ...ask, token }) },
      );
    });
    await Promise.all(batch);
  }
}

/** Every hostile value at every place of every body, in every parameter of a path and of a query. */
async function confusedRequests(scene: Scene, actor: Person): Promise<Ask[]> {
  const asks: Ask[] = [];
  for (const name of ROUTE_NAMES) {
    const { method, path, query } = ROUTES[name] as { method: string; path: string; query?: { shape: object } };
    const { params = {}, body } = await ROUTE_REQUESTS[name](scene, actor);
    const filled = (over: Readonly<Record<string, string>> = {}): string =>
      API_PREFIX + path.replace(/:(\w+)/g, (_, param: string) => over[param] ?? String(params[param]));
    const texts = HOSTILE_JSON.map((json) => encodeURIComponent(json.replace(/^"|"$/g, '').slice(0, 300)));
    for (const param of Object.keys(params))
      for (const text of texts)
        asks.push({ method, path: filled({ [param]: text }), ...(body && { body: JSON.stringify(body) }) });
    for (const field of Object.keys(query?.shape ?? {}))
      for (const text of texts)
        for (const written of [`${field}=${text}`, `${field}[]=${text}&${field}=1&${field}[__proto__]=x`])
          asks.push({ method, path: `${filled()}?${written}`, ...(body && { body: JSON.stringify(body) }) });
    if (body === undefined) continue;
    for (const place of placesIn(body))
      for (const json of HOSTILE_JSON) asks.push({ method, path: filled(), body: withPlanted(body, place, json) });
  }
  return asks;
}

/** Cursors that look like ours and are not, on every list that takes one. */
function hostileCursors(scene: Scene, seed: number, runs: number): Ask[] {
  const inScene = `/conversations/${scene.conversationId}`;
  const lists = [
    '/conversations?',
    '/channels?',
    '/users?query=a&',
    '/admin/users?',
    '/events?',
    `${inScene}/messages?`,
    `${inScene}/members?`,
  ];
  const kinds = fc.constantFrom('conversations', 'channels', 'members', 'history', 'receipts', 'people', 'accounts');
  const value = fc.oneof(
    fc.constantFrom<unknown>(scene.conversationId, 'older', 'newer', 1, -1, 1e300, null, {}, []),
    fc.jsonValue(),
  );
  const cursor = fc.oneof(
    // JSON that is no list at all.
    fc.jsonValue().map((whole) => Buffer.from(JSON.stringify(whole)).toString('base64url')),
    fc
      .tuple(kinds, fc.array(value, { maxLength: 4 }))
      .map(([kind, values]) => Buffer.from(JSON.stringify([kind, ...values])).toString('base64url')),
    fc.string({ unit: 'binary', maxLength: 250 }),
    fc.uint8Array({ maxLength: 150 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  );
  return fc
    .sample(fc.tuple(fc.constantFrom(...lists), cursor), { seed, numRuns: runs })
    .map(([list, text]) => ({ method: 'GET', path: `${API_PREFIX}${list}cursor=${encodeWhole(text)}` }));
}

/** encodeURIComponent throws at lone surrogates. */
const encodeWhole = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Addresses as no client would write them; only what Node itself refuses to send is left out. */
function hostileAddresses(seed: number, runs: number): Ask[] {
  const piece = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%00',
      '%',
      '%zz',
      '%c0%af',
      '//',
      '?',
      '#',
      '&',
      '=',
      'api/v1',
      'me',
      ':conversation_id',
      '__proto__',
      '*',
      ';',
      '@',
      '\\',
    ),
    fc.stringMatching(/^[!-~]{0,40}$/),
  );
  return fc
    .sample(
      fc.tuple(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'),
        fc.array(piece, { maxLength: 12 }),
      ),
      { seed, numRuns: runs },
    )
    .map(([method, pieces]) => ({ method, path: `/${pieces.join('/')}` }));
}

/** Sends frames on a connection and waits for the answer of a last ping, or for the close. */
function sendFrames(
  url: string,
  subprotocol: string,
  token: string,
  frames: readonly (string | Uint8Array)[],
): Promise<string | undefined> {
  const webSocket = new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH, [subprotocol]);
  return new Promise((resolve) => {
    const deadline = setTimeout(() => finish('hangs'), HANG_MS);
    const finish = (problem?: string): void => {
      clearTimeout(deadline);
      webSocket.terminate();
      resolve(problem);
    };
    webSocket.on('error', () => undefined);
    webSocket.on('close', (code) => finish(code === 4010 || code === 1011 ? `was closed with ${code}` : undefined));
    webSocket.on('pong', () => finish());
    webSocket.on('message', (data, isBinary) => {
      if (!isBinary && String(data).includes('"code":"INTERNAL"')) finish(String(data));
    });
    webSocket.on('open', () => {
      if (subprotocol === SUBPROTOCOLS.json) webSocket.send(JSON.stringify({ type: 'authenticate', id: 1, token }));
      for (const frame of frames) webSocket.send(frame);
      webSocket.ping();
    });
  });
}

/** Every hostile value at every place of every command, on connections that live as long as the server lets them. */
async function confuseCommands(url: string, tally: Tally, scene: Scene, actor: Person): Promise<void> {
  for (const schema of COMMAND_SCHEMAS) {
    const type = schema.shape.type.value;
    const command = { type, ...(await COMMAND_REQUESTS[type](scene, actor)), id: 9 };
    for (const place of placesIn(command).slice(1)) {
      const frames = HOSTILE_JSON.map((json) => withPlanted(command, place, json));
      // What makes a frame unreadable ends its connection, so each goes alone; refusals of fields go together.
      const alone =
        place[0] === 'type' || type === 'authenticate'
          ? frames.map((frame) => [frame])
          : [frames.slice(0, 12), frames.slice(12)];
      for (const group of alone) {
        const startedAt = performance.now();
        const problem = await sendFrames(url, SUBPROTOCOLS.json, actor.token, group);
        note(tally, startedAt, problem && `${type} at ${place.join('.')}: ${problem}`);
        tally.inputs += group.length - 1;
      }
    }
  }
}

async function noiseOnSockets(url: string, tally: Tally, actor: Person, seed: number, runs: number): Promise<void> {
  const noise = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), { seed, numRuns: runs });
  for (const [index, bytes] of noise.entries()) {
    const startedAt = performance.now();
    const subprotocol = index % 2 === 0 ? SUBPROTOCOLS.binary : SUBPROTOCOLS.json;
    const data = index % 4 === 3 ? Buffer.from(bytes).toString('latin1') : bytes;
    const problem = await sendFrames(url, subprotocol, actor.token, [data]);
    note(tally, startedAt, problem && `${subprotocol} ${Buffer.from(bytes).toString('hex')}: ${problem}`);
    const tcpStartedAt = performance.now();
    const answer = await rawBytes(
      url,
      index % 3 === 0 ? Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), bytes]) : bytes,
    );
    note(
      tally,
      tcpStartedAt,
      / 5\d\d /.test(answer.slice(0, 20))
        ? `TCP ${Buffer.from(bytes).toString('hex')}: ${answer.slice(0, 100)}`
        : undefined,
    );
  }
}

export interface ProcessRun {
  readonly url: string;
  readonly scene: Scene;
  /** The administrator: reaches every route. */
  readonly actor: Person;
  readonly seed: number;
  /** Random inputs of each kind. */
  readonly runs: number;
}

/** The fixed corpus of type confusion on every endpoint and command of the real process. */
export async function confuseProcess(tally: Tally, { url, scene, actor }: ProcessRun): Promise<void> {
  await askAll(url, actor.token, tally, await confusedRequests(scene, actor));
  await confuseCommands(url, tally, scene, actor);
}

/** Random cursors, addresses, frames and bytes. */
export async function fuzzProcess(tally: Tally, { url, scene, actor, seed, runs }: ProcessRun): Promise<void> {
  await askAll(url, actor.token, tally, [...hostileCursors(scene, seed, runs), ...hostileAddresses(seed, runs)]);
  await noiseOnSockets(url, tally, actor, seed, Math.ceil(runs / 4));
}
