import { makeUserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { type Draft, draftAfter, EMPTY_DRAFT } from './drafts.ts';

const sent: Draft = { text: 'Hello @Bob', replyTo: 4, editing: null, mentions: [makeUserId(2n)] };

test.each<[string, Draft, Draft]>([
  ['nothing when nothing changed', sent, EMPTY_DRAFT],
  ['what was typed behind it meanwhile', { ...sent, text: 'Hello @Bob and' }, { ...EMPTY_DRAFT, text: ' and' }],
  ['all of it when it was changed', { ...sent, text: 'Hi @Bob' }, { ...sent, text: 'Hi @Bob' }],
  ['a change of another message that was begun meanwhile', { ...sent, editing: 7 }, { ...sent, editing: 7 }],
])('when what was sent is kept, the field holds %s', (_, now, after) => {
  expect(draftAfter(sent, now)).toEqual(after);
});
