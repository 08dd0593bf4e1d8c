import { OutboxFullError, SignedOutError } from '@parley/client';
import type { ContentInput, ConversationId } from '@parley/protocol';
import { LIMITS } from '@parley/protocol';
import { useCallback, useRef, useState } from 'react';
import { type Chat, useChat } from '../app/chat.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { type Draft, draftAfter, draftOf } from './drafts.ts';

export interface SendDraft {
  send(): void;
  /** Why the last one could not be kept on this device, in words; null when it was. */
  readonly failure: string | null;
}

/** Hands the draft to the outbox, and clears the field when the outbox has it: until then it is nowhere else. */
export function useSendDraft(id: ConversationId): SendDraft {
  const text = useText();
  const chat = useChat();
  const isWriting = useRef(false);
  /** Enter was pressed again before the field was empty: what is in it after that goes next. */
  const isMoreWanted = useRef(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = useCallback(async () => {
    isMoreWanted.current = isWriting.current;
    if (isWriting.current) return;
    isWriting.current = true;
    try {
      do {
        isMoreWanted.current = false;
        await sendDraft(chat, id);
      } while (isMoreWanted.current);
      setFailure(null);
    } catch (error) {
      setFailure(whyNotKept(error, text));
    } finally {
      isWriting.current = false;
    }
  }, [chat, id, text]);
  return { send: () => void send(), failure };
}

/** The rest are faults of the browser's storage, which have no words but their own. */
function whyNotKept(error: unknown, text: Text): string {
  if (error instanceof SignedOutError) return text('problem.signedOut');
  if (error instanceof OutboxFullError) return text('problem.outboxFull');
  if (!(error instanceof Error)) return String(error);
  return error.name === 'QuotaExceededError' ? text('problem.noSpace') : error.message;
}

async function sendDraft(chat: Chat, id: ConversationId): Promise<void> {
  const stored = draftOf(id);
  const draft = stored.get();
  const text = draft.text.trim();
  if (text === '' || text.length > LIMITS.textLengthMax) return;
  await write(chat, id, draft, text);
  stored.set(draftAfter(draft, stored.get()));
}

async function write(chat: Chat, id: ConversationId, draft: Draft, text: string): Promise<unknown> {
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
