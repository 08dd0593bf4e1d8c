import { ROUTES } from '@parley/protocol';
import { expect } from 'vitest';
import { join, say, startTalk } from './person.ts';
import { test } from './scene.ts';

test('metrics count what was stored, delivered and connected, and go to this machine only', async ({
  serve,
  folder,
}) => {
  const url = await serve(['--data', folder]).address();
  const [ada, ben] = [await join(url, 'Ada'), await join(url, 'Ben')];
  const id = await startTalk(ada, ben);
  await say(ada, id, 'one');
  await say(ben, id, 'two');
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(metric('chat_messages_sent_total')).toBe(2);
  expect(metric('chat_messages_delivered_total')).toBeGreaterThanOrEqual(2);
  expect(metric('chat_connections_active')).toBe(2);
  expect(metric('chat_connection_attempts_total')).toBe(2);
  expect(metric('chat_connection_failures_total')).toBe(0);
  expect(text).toContain('chat_message_latency_bucket{le="+Inf"} 2');
  const throughProxy = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(throughProxy.status).toBe(404);
  await Promise.all([ada.close(), ben.close()]);
});

test('metrics tell sessions of long polling from WebSockets', async ({ serve, folder }) => {
  const url = await serve(['--data', folder]).address();
  const ada = await join(url, 'Ada');
  const counts = async (): Promise<readonly string[]> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.split('\n').filter((line) => /^chat_(connections|poll_sessions)_active /.test(line));
  };
  expect(await counts()).toEqual(['chat_connections_active 1', 'chat_poll_sessions_active 0']);
  const { cursor } = await ada.api.call(ROUTES.openEvents, {});
  expect(await counts()).toEqual(['chat_connections_active 2', 'chat_poll_sessions_active 1']);
  await ada.api.call(ROUTES.closeEvents, { query: { cursor } });
  expect(await counts()).toEqual(['chat_connections_active 1', 'chat_poll_sessions_active 0']);
  await ada.close();
});
