import { describe, expect, it } from 'vitest';
import { CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { deleteMessage } from './delete-message.ts';
import { listMessages } from './list-messages.ts';
import { react } from './react.ts';
import { sendMessage } from './send-message.ts';

async function world() {
  const under = new CoreUnderTest({});
  const [owner, member] = (await under.people(2)) as [Actor, Actor];
  const conversationId = await under.group(owner, [member]);
  const params = { conversation_id: conversationId };
  const history = async (viewer: Actor) =>
    doneValue(listMessages(under.core, viewer, { params, query: { limit: 50 } }));
  return { under, core: under.core, owner, conversationId, history };
}

describe('repeated keys', () => {
  it('[SEND-2] a repeated key gives the first answer, stores nothing and tells nobody', async () => {
    const { under, core, owner, conversationId, history } = await world();
    const input = { conversationId, clientMsgId: under.key(), content: { text: 'Once', mentions: [] } };
    const first = await doneValue(sendMessage(core, owner, input));
    const published = under.published.length;
    await under.clock.advance(1_000);
    const again = { ...input, content: { mentions: [], text: 'Once' } };
    expect(await doneValue(sendMessage(core, owner, again))).toEqual({ ...first, duplicate: true });
    expect(under.published.length).toBe(published);
    expect((await history(owner)).messages).toHaveLength(1);
  });

  it('[SEND-3] a repeated key with other content is refused', async () => {
    const { under, core, owner, conversationId, history } = await world();
    const input = { conversationId, clientMsgId: under.key(), content: { text: 'One' } };
    const { seq = 0 } = await doneValue(sendMessage(core, owner, input));
    for (const content of [{ text: 'Other' }, { text: 'One', reply_to: seq }, { sealed: 'One' }])
      expect(await codeOf(sendMessage(core, owner, { ...input, content }))).toBe('KEY_REUSED');
    const target = { conversationId, clientMsgId: input.clientMsgId, targetSeq: seq };
    expect(await codeOf(react(core, owner, { ...target, emoji: '👍', action: 'added' }))).toBe('KEY_REUSED');
    expect((await history(owner)).messages).toHaveLength(1);
  });

  it('[SEND-3] a text under the key of a message with more than a text, or of a reaction, is refused', async () => {
    const { under, core, owner, conversationId } = await world();
    const seq = await under.say(owner, conversationId, 'first');
    for (const content of [
      { text: 'One', reply_to: seq },
      { text: 'One', mentions: [owner.userId] },
      { sealed: 'One' },
    ]) {
      const key = { conversationId, clientMsgId: under.key() };
      await doneValue(sendMessage(core, owner, { ...key, content }));
      expect(await codeOf(sendMessage(core, owner, { ...key, content: { text: 'One' } }))).toBe('KEY_REUSED');
    }
    const key = { conversationId, clientMsgId: under.key() };
    await doneValue(react(core, owner, { ...key, targetSeq: seq, emoji: '👍', action: 'added' }));
    expect(await codeOf(sendMessage(core, owner, { ...key, content: { text: '👍' } }))).toBe('KEY_REUSED');
  });

  it('[DEL-1] [SEND-3] of a deleted message nothing is left to compare: any text under its key gets the first answer', async () => {
    const { under, core, owner, conversationId } = await world();
    const key = { conversationId, clientMsgId: under.key() };
    const first = await doneValue(sendMessage(core, owner, { ...key, content: { text: 'One' } }));
    const { seq: targetSeq = 0 } = first;
    await doneValue(
      deleteMessage(core, owner, { conversationId, clientMsgId: under.key(), targetSeq, scope: 'everyone' }),
    );
    for (const text of ['One', 'Other'])
      expect(await doneValue(sendMessage(core, owner, { ...key, content: { text } }))).toEqual({
        ...first,
        duplicate: true,
      });
  });
});
