import { expect } from 'vitest';
import { test } from './scene.ts';

test('[SEND-1] parley demo kills its server in the middle of a talk and shows that nothing was lost', async ({
  open,
}) => {
  const demo = open('demo');
  expect(await demo.ended, demo.text).toBe(0);
  expect(demo.text).toMatch(/The server is dead\. Acknowledged so far: \d+ of Anna, \d+ of Ben\./);
  expect(demo.text).toMatch(/Acknowledged before the kill: [1-9]\d+, lost: 0\./);
  expect(demo.text).toContain('All messages: 405, doubled: 0, missing: 0, gaps in the numbering: 0.');
  expect(demo.text).toContain('Both see the same order: yes.');
  expect(demo.text).toMatch(/Nothing was lost\.\n$/);
});

test('parley demo explains itself, and takes no arguments', async ({ open }) => {
  const [help, wrong] = [open('demo', '--help'), open('demo', 'now')];
  expect([await help.ended, await wrong.ended]).toEqual([0, 2]);
  for (const { text } of [help, wrong]) expect(text).toContain('parley demo takes no arguments');
});
