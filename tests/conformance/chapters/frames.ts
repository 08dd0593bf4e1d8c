import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { BinarySocket, publishedMessages } from '../kit/binary-socket.ts';
import { freshKey, textCommand } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';
import { JSON_FRAMES, SOCKET_PATH } from '../kit/socket.ts';

const server = await serverUnderTest();

function upgradeStatus(protocols: string[], headers = {}): Promise<number | undefined> {
  const socket = new WebSocket(server.url.replace(/^http/, 'ws') + SOCKET_PATH, protocols, { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('open', () => resolve(101));
    socket.on('error', () => undefined);
  });
}

test('[FRAME-1] a connection that offers no known subprotocol gets 400', async () => {
  expect(await upgradeStatus([])).toBe(400);
  expect(await upgradeStatus(['chat.v9'])).toBe(400);
  expect(await upgradeStatus(['chat.v9', JSON_FRAMES])).toBe(101);
});

test('[FRAME-1] the binary subprotocol carries the same frames, as /parley.proto says', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const json = await bob.live();
  const binary = await BinarySocket.open(server.url, await publishedMessages(server.url));
  expect(await binary.next('hello')).toMatchObject({ heartbeat_interval_ms: 30_000 });
  binary.send('authenticate', { id: 1, token: ada.token });
  expect(await binary.next('authenticated')).toMatchObject({ re: 1, user_id: binary.numberOf(ada.userId) });
  const key = freshKey();
  const about = { client_msg_id: binary.bytesOfKey(key), conversation_id: binary.bytesOfRoom(conversation) };
  binary.send('send_message', { id: 2, ...about, content: { text: 'Grüße 👋' } });
  const { seq } = await binary.next('msg_ack');
  expect(await json.next('new_message')).toMatchObject({ seq, client_msg_id: key, content: { text: 'Grüße 👋' } });
  binary.send('ping', { id: 3 });
  expect(await binary.next('pong')).toMatchObject({ re: 3 });
});

test('[FRAME-2] a frame of more than 65,536 bytes closes with TOO_LARGE, and nothing of it is done', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const socket = await ada.live();
  const before = (await ada.conversation(conversation)).head_seq;
  const frame = JSON.stringify({ ...textCommand(conversation), id: 9, unknown: '' });
  // One byte less than too much is taken; unknown fields do not matter (FRAME-5).
  socket.send(frame.replace('"unknown":""', `"unknown":"${'x'.repeat(65_536 - frame.length)}"`));
  expect(await socket.reply(9)).toMatchObject({ type: 'msg_ack', seq: before + 1 });
  socket.send(frame.replace('"unknown":""', `"unknown":"${'x'.repeat(65_537 - frame.length)}"`));
  expect(await socket.closeName()).toBe('TOO_LARGE');
  expect((await ada.conversation(conversation)).head_seq).toBe(before + 1);
});

test.each([
  ['is not JSON', '{"type":'],
  ['is no object', '[1]'],
  ['has no type', '{"id":1}'],
  ['is binary', Buffer.from('{"type":"ping","id":1}')],
  ['nests deeper than 16', `{"type":"ping","id":1,"deep":${'['.repeat(16)}${']'.repeat(16)}}`],
])('[FRAME-3] a frame that %s gets a sentence, then the connection is closed with BAD_FRAME', async (_, data) => {
  const ada = await server.person('Ada');
  const socket = await ada.connect();
  socket.send(data);
  expect((await socket.next('error')).code).toBe('BAD_FRAME');
  expect(await socket.closeName()).toBe('BAD_FRAME');
});

test('[FRAME-3] text that is not UTF-8 ends the connection', async () => {
  const socket = await (await server.person('Ada')).connect();
  socket.webSocket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false });
  expect((await socket.closed).code).not.toBe(1000);
});

test('[FRAME-4] fields that do not match are named, an unknown type is told, and the connection stays', async () => {
  const socket = await (await server.person('Ada')).live();
  const reply = await socket.ask({ type: 'subscribe', conversation_id: 7, after_seq: -1 });
  expect(reply).toMatchObject({ type: 'error', code: 'INVALID_REQUEST' });
  expect(reply.errors).toMatchObject([{ field: 'conversation_id' }, { field: 'after_seq' }]);
  expect(await socket.ask({ type: 'open_pod_bay_doors' })).toMatchObject({ type: 'error', code: 'UNKNOWN_COMMAND' });
  expect(await socket.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
});

test('[FRAME-5] unknown fields are ignored on both doors', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const socket = await ada.live();
  expect(await socket.ask({ ...textCommand(conversation), of_tomorrow: { a: [1] } })).toMatchObject({
    type: 'msg_ack',
  });
  await ada.done('PATCH', '/me', { name: 'Ada L.', of_tomorrow: true });
});

test('[FRAME-6] no compression is negotiated, although it is offered', async () => {
  const socket = await (await server.person('Ada')).connect();
  expect(socket.webSocket.extensions).toBe('');
});

test('[FRAME-7] [SEND-10] commands of one connection are taken in order and answered under their ids', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const [writer, reader] = [await ada.live(), await bob.live()];
  const ids = Array.from({ length: 60 }, (_, index) => writer.tell(textCommand(conversation, `Number ${index}`)));
  const seqs: number[] = [];
  for (const id of ids) seqs.push((await writer.reply(id)).seq ?? 0);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
  await reader.next('new_message', ({ seq }) => seq === seqs.at(-1));
  const texts = reader.ofType('new_message').map(({ content }) => (content as { text: string }).text);
  expect(texts).toEqual(ids.map((_, index) => `Number ${index}`));
});
