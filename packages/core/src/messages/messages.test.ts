import { type GroupId, LIMITS } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CoreUnderTest, codeOf, doneValue, refusalOf } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { changeRole } from '../memberships/change-role.ts';
import { removeMember } from '../memberships/remove-member.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessage } from './edit-message.ts';
import { forwardMessage } from './forward-message.ts';
import { listMessages } from './list-messages.ts';
import { react } from './react.ts';
import { sendMessage } from './send-message.ts';

const HOUR_MS = 3_600_000;

async function world(settings = {}) {
  const under = new CoreUnderTest(settings);
  const people = (await under.people(4)) as [Actor, Actor, Actor, Actor];
  const [owner, admin, member, stranger] = people;
  const conversationId = await under.group(owner, [admin, member]);
  const params = { conversation_id: conversationId, user_id: admin.userId };
  await doneValue(changeRole(under.core, owner, { params, body: { role: 'admin' } }));
  const history = async (viewer: Actor) =>
    doneValue(listMessages(under.core, viewer, { params, query: { limit: 50 } }));
  const messageAt = async (viewer: Actor, seq: number) =>
    (await history(viewer)).messages.find((message) => message.seq === seq);
  const remove = (actor: Actor, targetSeq: number, scope: 'everyone' | 'me' = 'everyone', clientMsgId = under.key()) =>
    deleteMessage(under.core, actor, { conversationId, clientMsgId, targetSeq, scope });
  const edit = (actor: Actor, targetSeq: number, text = 'Better', clientMsgId = under.key()) =>
    editMessage(under.core, actor, { conversationId, clientMsgId, targetSeq, content: { text } });
  return { under, core: under.core, owner, admin, member, stranger, conversationId, history, messageAt, remove, edit };
}

describe('sending', () => {
  it('[SEND-1] the answer names the place of a stored message, and the nodes are told', async () => {
    const { under, core, owner, conversationId, messageAt } = await world();
    const clientMsgId = under.key();
    under.published.length = 0;
    const actor = { ...owner, connectionId: 'connection-1' };
    const answer = await doneValue(sendMessage(core, actor, { conversationId, clientMsgId, content: { text: 'Hi' } }));
    expect(answer).toMatchObject({ client_msg_id: clientMsgId, seq: 4, count: 1, duplicate: false });
    expect(await messageAt(owner, 4)).toMatchObject({ message_id: answer.message_id, content: { text: 'Hi' } });
    const topic = `conversation:${conversationId}`;
    const entry = { type: 'new_message', seq: 4, content: { text: 'Hi' } };
    expect(under.published.filter((published) => published.topic === topic)).toMatchObject([
      { event: { type: 'entry', entry, originConnectionId: 'connection-1' } },
    ]);
  });

  it('[SEND-5] in channels only owner and admins send and react', async () => {
    const { under, core, owner, member } = await world();
    const channel = await under.channel(owner, [member]);
    const seq = await under.say(owner, channel);
    const input = { conversationId: channel, clientMsgId: under.key(), content: { text: 'Hi' } };
    expect(await codeOf(sendMessage(core, member, input))).toBe('FORBIDDEN');
    const reaction = { conversationId: channel, clientMsgId: under.key(), targetSeq: seq, emoji: '👍' };
    expect(await codeOf(react(core, member, { ...reaction, action: 'added' }))).toBe('FORBIDDEN');
  });

  it('[SEND-5] who was removed cannot send', async () => {
    const { under, core, owner, member, conversationId } = await world();
    await under.say(member, conversationId);
    const params = { conversation_id: conversationId, user_id: member.userId };
    await doneValue(removeMember(core, owner, { params }));
    const input = { conversationId, clientMsgId: under.key(), content: { text: 'Still here' } };
    expect(await codeOf(sendMessage(core, member, input))).toBe('NOT_FOUND');
  });

  it('[SEND-6] no such conversation and not yours are the same answer, by every door', async () => {
    const { under, core, owner, stranger, conversationId } = await world();
    const seq = await under.say(owner, conversationId);
    const nowhere = core.ids.groupId();
    const asked = {
      clientMsgId: under.key(),
      targetSeq: seq,
      content: { text: 'Hi' },
      emoji: '👍',
      action: 'added',
    } as const;
    const doors = [
      (id: GroupId) => sendMessage(core, stranger, { ...asked, conversationId: id }),
      (id: GroupId) => editMessage(core, stranger, { ...asked, conversationId: id }),
      (id: GroupId) => deleteMessage(core, stranger, { ...asked, conversationId: id, scope: 'everyone' }),
      (id: GroupId) => deleteMessage(core, stranger, { ...asked, conversationId: id, scope: 'me' }),
      (id: GroupId) => react(core, stranger, { ...asked, conversationId: id }),
    ];
    for (const door of doors) {
      const answer = await refusalOf(door(conversationId));
      expect(answer.code).toBe('NOT_FOUND');
      expect(answer).toEqual(await refusalOf(door(nowhere)));
    }
  });

  it('[SEND-8] a reply names a message of the same conversation', async () => {
    const { under, core, owner, conversationId, messageAt } = await world();
    const seq = await under.say(owner, conversationId);
    const reply = (reply_to: number) =>
      sendMessage(core, owner, { conversationId, clientMsgId: under.key(), content: { text: 'Yes', reply_to } });
    expect(await codeOf(reply(1))).toBe('NOT_FOUND');
    expect(await codeOf(reply(99))).toBe('NOT_FOUND');
    const answer = await doneValue(reply(seq));
    expect(await messageAt(owner, answer.seq ?? 0)).toMatchObject({ content: { reply_to: seq } });
  });

  it('[SEND-9] a forward copies the text and names its origin', async () => {
    const { under, core, owner, member, stranger, conversationId, edit } = await world();
    const mentions = [member.userId];
    const source = await doneValue(
      sendMessage(core, owner, { conversationId, clientMsgId: under.key(), content: { text: 'News', mentions } }),
    );
    const to = await under.direct(member, stranger);
    const input = { clientMsgId: under.key(), conversationId: to, source: { conversationId, seq: source.seq ?? 0 } };
    const answer = await doneValue(forwardMessage(core, member, input));
    const params = { conversation_id: to };
    const { messages } = await doneValue(listMessages(core, stranger, { params, query: { limit: 10 } }));
    const origin = { conversation_id: conversationId, seq: source.seq, sender_id: owner.userId };
    expect(messages.map(({ content }) => content)).toEqual([{ text: 'News', forwarded_from: origin }]);
    await doneValue(edit(owner, source.seq ?? 0, 'New'));
    expect(await doneValue(forwardMessage(core, member, input))).toEqual({ ...answer, duplicate: true });
  });

  it('[SEND-9] nobody invents an origin', async () => {
    const { under, core, owner, member, conversationId, messageAt, edit } = await world();
    const forwarded_from = { conversation_id: conversationId, seq: 1, sender_id: member.userId };
    const content = { text: 'They said so', forwarded_from };
    const { seq = 0 } = await doneValue(
      sendMessage(core, owner, { conversationId, clientMsgId: under.key(), content }),
    );
    expect((await messageAt(owner, seq))?.content).toEqual({ text: 'They said so' });
    await doneValue(edit(owner, seq));
    expect((await messageAt(owner, seq))?.content).toEqual({ text: 'Better' });
  });

  it('[SEND-9] what one cannot read, what is deleted and what is encrypted is not forwarded', async () => {
    const { under, core, owner, stranger, member, conversationId, remove } = await world();
    const seq = await under.say(owner, conversationId);
    const to = await under.direct(member, stranger);
    const forward = (actor: Actor, from: number) =>
      forwardMessage(core, actor, {
        conversationId: to,
        clientMsgId: under.key(),
        source: { conversationId, seq: from },
      });
    expect(await codeOf(forward(stranger, seq))).toBe('NOT_FOUND');
    expect(await codeOf(forward(member, 99))).toBe('NOT_FOUND');
    const sealed = { conversationId, clientMsgId: under.key(), content: { sealed: 'c2VhbGVk' } };
    const { seq: sealedSeq = 0 } = await doneValue(sendMessage(core, owner, sealed));
    expect(await codeOf(forward(member, sealedSeq))).toBe('INVALID_REQUEST');
    await doneValue(remove(owner, seq));
    expect(await codeOf(forward(member, seq))).toBe('MESSAGE_GONE');
  });

  it('[SEND-12] beyond the limit of writes nothing is stored and the time to wait is told', async () => {
    const { under, core, owner, conversationId, history } = await world({ writesPerMinute: 5 });
    const send = () =>
      sendMessage(core, owner, { conversationId, clientMsgId: under.key(), content: { text: 'Spam' } });
    // Creating the group and changing a role were two.
    for (let sent = 0; sent < 3; sent += 1) await doneValue(send());
    expect(await refusalOf(send())).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect((await history(owner)).messages).toHaveLength(3);
    await under.clock.advance(60_000);
    await doneValue(send());
  });

  it('[SEND-13] a conversation takes so much of all members together; who is no member uses nothing up', async () => {
    const { under, core, owner, member, stranger, conversationId, history } = await world({
      conversationWritesPerMinute: 4,
    });
    const send = (actor: Actor) =>
      sendMessage(core, actor, { conversationId, clientMsgId: under.key(), content: { text: 'Busy' } });
    for (let tried = 0; tried < 5; tried += 1) expect(await codeOf(send(stranger))).toBe('NOT_FOUND');
    for (let sent = 0; sent < 2; sent += 1) for (const actor of [owner, member]) await doneValue(send(actor));
    expect(await refusalOf(send(owner))).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect((await history(owner)).messages).toHaveLength(4);
    const other = await under.group(owner);
    await doneValue(
      sendMessage(core, owner, { conversationId: other, clientMsgId: under.key(), content: { text: 'Hi' } }),
    );
    await under.clock.advance(60_000);
    await doneValue(send(member));
  });
});

describe('editing', () => {
  it('[EDIT-1] the author edits; history shows the last version and when', async () => {
    const { under, member, conversationId, messageAt, edit } = await world();
    const seq = await under.say(member, conversationId, 'Frist');
    await under.clock.advance(24 * HOUR_MS);
    await doneValue(edit(member, seq, 'First'));
    const now = under.clock.now();
    expect(await messageAt(member, seq)).toMatchObject({
      content: { text: 'First' },
      edited_at: now,
      state_seq: seq + 1,
    });
  });

  it('[EDIT-1] nobody else edits, and nobody later than 24 hours', async () => {
    const { under, owner, member, conversationId, messageAt, edit } = await world();
    const seq = await under.say(member, conversationId, 'Mine');
    expect(await codeOf(edit(owner, seq))).toBe('FORBIDDEN');
    expect(await codeOf(edit(member, 1))).toBe('NOT_FOUND');
    await under.clock.advance(24 * HOUR_MS + 1);
    expect(await codeOf(edit(member, seq))).toBe('EDIT_WINDOW_CLOSED');
    expect(await messageAt(member, seq)).toMatchObject({ content: { text: 'Mine' }, edited_at: null });
  });

  it('[SEND-4] a forward is not refused while its first try still waits to be stored', async () => {
    const { under, core, owner, member, conversationId } = await world();
    const seq = await under.say(owner, conversationId);
    const elsewhere = await under.group(member);
    // A store that is slow and keeps the order, as a real one does.
    const slow = Promise.withResolvers<void>();
    let onAppend = (): void => undefined;
    const nextAppend = () => new Promise<void>((resolve) => (onAppend = resolve));
    let last: Promise<unknown> = slow.promise;
    const append = core.messageLog.append.bind(core.messageLog);
    core.messageLog.append = (appends) => {
      onAppend();
      const appended = last.then(() => append(appends));
      last = appended;
      return appended;
    };
    const clientMsgId = under.key();
    const source = { conversationId, seq };
    const forward = () => forwardMessage(core, member, { conversationId: elsewhere, clientMsgId, source });
    const first = forward();
    await nextAppend();
    const removal = { params: { conversation_id: conversationId, user_id: member.userId } };
    await doneValue(removeMember(core, owner, removal));
    const repeat = forward();
    // A refusal would come at once.
    await Promise.race([nextAppend(), repeat]);
    slow.resolve();
    expect(await doneValue(first)).toMatchObject({ duplicate: false });
    expect(await doneValue(repeat)).toMatchObject({ duplicate: true });
  });

  it('[SEND-4] the repeat of a stored edit or deletion is answered as the first, also when it would be too late now', async () => {
    const { under, core, member, conversationId } = await world();
    const direct = await under.direct(member, await under.person());
    const [edited, erased] = [await under.say(member, conversationId, 'Frist'), await under.say(member, direct)];
    const edit = { conversationId, clientMsgId: under.key(), targetSeq: edited, content: { text: 'First' } };
    const erase = { conversationId: direct, clientMsgId: under.key(), targetSeq: erased, scope: 'everyone' } as const;
    const first = await doneValue(editMessage(core, member, edit));
    await doneValue(deleteMessage(core, member, erase));
    await under.clock.advance(48 * HOUR_MS);
    expect(await doneValue(editMessage(core, member, edit))).toEqual({ ...first, duplicate: true });
    expect(await doneValue(deleteMessage(core, member, erase))).toMatchObject({ duplicate: true });
    expect(await codeOf(editMessage(core, member, { ...edit, clientMsgId: under.key() }))).toBe('EDIT_WINDOW_CLOSED');
  });

  it('[EDIT-2] a tombstone is neither edited nor reacted to', async () => {
    const { under, core, member, conversationId, edit, remove } = await world();
    const seq = await under.say(member, conversationId);
    await doneValue(remove(member, seq));
    expect(await codeOf(edit(member, seq))).toBe('MESSAGE_GONE');
    const reaction = {
      conversationId,
      clientMsgId: under.key(),
      targetSeq: seq,
      emoji: '👍',
      action: 'added',
    } as const;
    expect(await codeOf(react(core, member, reaction))).toBe('MESSAGE_GONE');
  });

  it('[SEND-9] an edited forward keeps its origin', async () => {
    const { under, core, member, conversationId, messageAt, edit } = await world();
    const seq = await under.say(member, conversationId, 'Source');
    const source = { conversationId, seq };
    const forwarded = await doneValue(
      forwardMessage(core, member, { conversationId, clientMsgId: under.key(), source }),
    );
    await doneValue(edit(member, forwarded.seq ?? 0, 'Changed'));
    const { content } = (await messageAt(member, forwarded.seq ?? 0)) ?? {};
    expect(content).toMatchObject({ text: 'Changed', forwarded_from: { seq } });
  });
});

describe('deleting', () => {
  it('[DEL-1] the author deletes for everyone within the hour; the content is gone, a tombstone stays', async () => {
    const { under, owner, member, conversationId, history, remove } = await world();
    const seq = await under.say(member, conversationId, 'Secret');
    await under.clock.advance(HOUR_MS);
    const clientMsgId = under.key();
    const first = await doneValue(remove(member, seq, 'everyone', clientMsgId));
    const page = await history(owner);
    expect(page.tombstones).toEqual([{ seq, reason: 'deleted' }]);
    expect(JSON.stringify(page)).not.toContain('Secret');
    await under.clock.advance(24 * HOUR_MS);
    expect(await doneValue(remove(member, seq, 'everyone', clientMsgId))).toEqual({ ...first, duplicate: true });
  });

  it('[DEL-1] later only owner and admins do, at any time', async () => {
    const { under, owner, admin, member, stranger, conversationId, remove } = await world();
    const seqs = [await under.say(member, conversationId), await under.say(member, conversationId)] as const;
    expect(await codeOf(remove(stranger, seqs[0]))).toBe('NOT_FOUND');
    await under.clock.advance(HOUR_MS + 1);
    expect(await codeOf(remove(member, seqs[0]))).toBe('EDIT_WINDOW_CLOSED');
    await doneValue(remove(admin, seqs[0]));
    await doneValue(remove(owner, seqs[1]));
  });

  it('[DEL-1] a member does not delete what others wrote, nor does the peer of a direct conversation', async () => {
    const { under, core, owner, member, conversationId, remove } = await world();
    expect(await codeOf(remove(member, await under.say(owner, conversationId)))).toBe('FORBIDDEN');
    const direct = await under.direct(owner, member);
    const targetSeq = await under.say(owner, direct);
    const input = { conversationId: direct, clientMsgId: under.key(), targetSeq, scope: 'everyone' } as const;
    expect(await codeOf(deleteMessage(core, member, input))).toBe('FORBIDDEN');
  });

  it('[DEL-2] delete for me hides it from all own devices and from nobody else', async () => {
    const { under, core, owner, member, conversationId, history, remove } = await world();
    const seq = await under.say(owner, conversationId);
    const answer = await doneValue(remove(member, seq, 'me'));
    expect(answer).toMatchObject({ duplicate: false });
    expect(answer).not.toHaveProperty('seq');
    expect((await history(member)).tombstones).toEqual([{ seq, reason: 'hidden' }]);
    expect((await history(owner)).messages.map((message) => message.seq)).toEqual([seq]);
    expect(await doneValue(remove(member, seq, 'me'))).toMatchObject({ duplicate: true });
    expect(await codeOf(remove(member, 1, 'me'))).toBe('NOT_FOUND');
    const head = await core.userLog.head(member.userId);
    const { entries } = await core.userLog.readAfter(member.userId, head - 1, 1);
    expect(entries).toMatchObject([{ type: 'message_hidden', conversationId, messageSeq: seq }]);
  });
});

describe('reacting', () => {
  it('[REACT-1] one reaction per user and emoji, and at most 50 different emoji', async () => {
    const { under, core, owner, member, conversationId, messageAt } = await world();
    const seq = await under.say(owner, conversationId);
    const reactWith = (actor: Actor, emoji: string, action: 'added' | 'removed' = 'added') =>
      react(core, actor, { conversationId, clientMsgId: under.key(), targetSeq: seq, emoji, action });
    for (const actor of [owner, member, member]) await doneValue(reactWith(actor, '👍'));
    await doneValue(reactWith(member, '🎉', 'removed'));
    expect((await messageAt(member, seq))?.reactions).toEqual([{ emoji: '👍', count: 2, me: true }]);
    await doneValue(reactWith(owner, '👍', 'removed'));
    expect((await messageAt(owner, seq))?.reactions).toEqual([{ emoji: '👍', count: 1, me: false }]);
    for (let emoji = 1; emoji < LIMITS.reactionsPerMessageMax; emoji += 1)
      await doneValue(reactWith(owner, `${emoji}`));
    expect(await codeOf(reactWith(owner, 'one more'))).toBe('CONFLICT');
    await doneValue(reactWith(owner, '👍'));
  });
});
