import type { ContentInput, ConversationId } from '@parley/protocol';
import { LIMITS } from '@parley/protocol';
import { useCallback } from 'react';
import { type Chat, useChat } from '../app/chat.ts';
import { type Draft, draftOf, EMPTY_DRAFT } from './drafts.ts';

/** Hands the draft to the outbox and clears the field. What cannot be stored on this device comes back into it. */
export function useSendDraft(id: ConversationId): () => void {
  const chat = useChat();
  return useCallback(() => {
    const stored = draftOf(id);
    const draft = stored.get();
    const text = draft.text.trim();
    if (text === '' || text.length > LIMITS.textLengthMax) return;
    stored.set(EMPTY_DRAFT);
    void write(chat, id, draft, text).catch(() => {
      if (stored.get().text === '') stored.set(draft);
    });
  }, [chat, id]);
}

function write(chat: Chat, id: ConversationId, draft: Draft, text: string): Promise<unknown> {
  const mentions = mentionedIn(chat, draft, text);
  const words: ContentInput = mentions.length === 0 ? { text } : { text, mentions };
  if (draft.editing !== null) {
    const replyTo = replyOf(chat, id, draft.editing);
    return chat.edit(id, draft.editing, replyTo === undefined ? words : { ...words, reply_to: replyTo });
  }
  return chat.send(id, draft.replyTo === null ? words : { ...words, reply_to: draft.replyTo });
}

/** An edit keeps what the message answered. */
function replyOf(chat: Chat, id: ConversationId, seq: number): number | undefined {
  const item = chat.store.getSnapshot().conversations[id]?.timeline.items.find((candidate) => candidate.seq === seq);
  return item?.kind === 'message' ? item.message.content?.reply_to : undefined;
}

function mentionedIn(chat: Chat, draft: Draft, text: string): ContentInput['mentions'] & {} {
  const { users } = chat.store.getSnapshot();
  return draft.mentions.filter((userId) => text.includes(`@${users[userId]?.name}`)).slice(0, LIMITS.mentionsMax);
}
