import type { UserId } from '@parley/protocol';
import { useMemo, useSyncExternalStore } from 'react';
import { isRecord, type StoredValue, storedValue } from '../app/stored-value.ts';

/** What was begun in a conversation and not sent. */
export interface Draft {
  readonly text: string;
  /** Seq of the message that it answers, or that it changes. */
  readonly replyTo: number | null;
  readonly editing: number | null;
  /** People chosen from the list behind an @; those whose name is still in the text are mentioned. */
  readonly mentions: readonly UserId[];
}

export const EMPTY_DRAFT: Draft = { text: '', replyTo: null, editing: null, mentions: [] };

/** Conversations whose draft this page has looked at. */
const OPEN_MAX = 1_000;
const open = new Map<string, StoredValue<Draft>>();

function parse(stored: unknown): Draft {
  if (!isRecord(stored)) return EMPTY_DRAFT;
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    text: typeof stored.text === 'string' ? stored.text : '',
    replyTo: number(stored.replyTo),
    editing: number(stored.editing),
    // The cast holds as far as it matters: the SDK checks ids before anything is sent.
    mentions: Array.isArray(stored.mentions)
      ? (stored.mentions.filter((id) => typeof id === 'string') as UserId[])
      : [],
  };
}

export function draftOf(conversationId: string): StoredValue<Draft> {
  let draft = open.get(conversationId);
  if (draft === undefined) {
    if (open.size >= OPEN_MAX) open.clear();
    draft = storedValue(`parley.draft.${conversationId}`, parse);
    open.set(conversationId, draft);
  }
  return draft;
}

/** What stays in the field when what was sent has been kept: what was typed behind it meanwhile, or a draft that is another one by now. */
export function draftAfter(sent: Draft, now: Draft): Draft {
  const isSame = now.editing === sent.editing && now.replyTo === sent.replyTo && now.text.startsWith(sent.text);
  return isSame ? { ...EMPTY_DRAFT, text: now.text.slice(sent.text.length) } : now;
}

export function useDraft(conversationId: string): Draft {
  const draft = useMemo(() => draftOf(conversationId), [conversationId]);
  return useSyncExternalStore(draft.subscribe, draft.get);
}

export function changeDraft(conversationId: string, change: Partial<Draft>): void {
  const draft = draftOf(conversationId);
  draft.set({ ...draft.get(), ...change });
}

/** Answers a message; what was begun stays, unless it was a change of another one. */
export function replyDraft(conversationId: string, seq: number): void {
  const { editing } = draftOf(conversationId).get();
  changeDraft(conversationId, { replyTo: seq, ...(editing === null ? {} : { editing: null, text: '' }) });
}

export function editDraft(conversationId: string, seq: number, text: string, mentions: readonly UserId[]): void {
  changeDraft(conversationId, { editing: seq, replyTo: null, text, mentions });
}
