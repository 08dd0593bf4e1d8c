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
  const valueOf = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(valueOf('chat_messages_sent_total')).toBe(2);
  expect(valueOf('chat_messages_delivered_total')).toBeGreaterThanOrEqual(2);
  expect(valueOf('chat_connections_active')).toBe(2);
  expect(valueOf('chat_connection_attempts_total')).toBe(2);
  expect(valueOf('chat_connection_failures_total')).toBe(0);
  expect(text).toContain('chat_message_latency_bucket{le="+Inf"} 2');
  const throughProxy = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(throughProxy.status).toBe(404);
  await Promise.all([ada.close(), ben.close()]);
});
