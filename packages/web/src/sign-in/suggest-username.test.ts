import { expect, test } from 'vitest';
import { suggestUsername } from './suggest-username.ts';

test.each([
  ['Zoë van Dyk', 'zoe.van.dyk'],
  ['  Ada  ', 'ada'],
  ['3 Friends', 'friends'],
  ['نور', ''],
  ['x'.repeat(40), 'x'.repeat(32)],
])('%j suggests %j', (name, username) => expect(suggestUsername(name)).toBe(username));
