import { type Conversation, type ConversationId, LIMITS } from '@parley/protocol';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { type Chat, useChat } from '../app/chat.ts';
import { isTouch } from '../app/is-touch.ts';
import { titleOf, useMe } from '../app/state-hooks.ts';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { isArrivingToRead } from '../timeline/arrival.ts';
import { mayEdit, mayWrite } from '../timeline/message-rights.ts';
import './composer.css';
import { DraftSubject } from './draft-subject.tsx';
import { changeDraft, EMPTY_DRAFT, editDraft, useDraft } from './drafts.ts';
import { EmojiButton } from './emoji-button.tsx';
import { focusComposer } from './focus-composer.ts';
import { MentionList } from './mention-list.tsx';
import { useMentions } from './use-mentions.ts';
import { useSendDraft } from './use-send-draft.ts';

/** A field that is written in cuts what stands there while it is empty, without a sign: so much of a name fits everywhere. */
const NAME_SHOWN = 18;
const shortened = (name: string): string => {
  // By characters: half of an emoji would be a question mark.
  const letters = [...name];
  return letters.length > NAME_SHOWN ? `${letters.slice(0, NAME_SHOWN).join('').trim()}…` : name;
};

/** From here on the length is shown. */
const NEARLY_FULL = LIMITS.textLengthMax - 500;

export function Composer({ conversation }: { conversation: Conversation }) {
  const text = useText();
  if (mayWrite(conversation)) return <Field conversation={conversation} />;
  return <footer className="composer composer-closed">{text('composer.readOnly')}</footer>;
}

function Field({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const chat = useChat();
  const id = conversation.conversation_id;
  const draft = useDraft(id);
  const { send, failure } = useSendDraft(id);
  const editLast = useEditLast(conversation);
  const field = useRef<HTMLTextAreaElement>(null);
  // Who opens a conversation can write at once; on a phone that would bring the keyboard over what they came to read. Before it is painted: later it
  // would take the focus from whoever has begun to do something.
  useLayoutEffect(() => {
    const end = field.current?.value.length ?? 0;
    if (isTouch() || isArrivingToRead(id)) return;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, [id]);
  // Where the cursor stands after something was put in, as soon as that is drawn.
  const placed = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (placed.current === null) return;
    field.current?.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });
  const [caret, setCaret] = useState(0);
  const mentions = useMentions(conversation, draft.text, caret);
  const isTooLong = draft.text.length > LIMITS.textLengthMax;

  const insert = (piece: string, from = caret, to = caret) => {
    field.current?.focus();
    placed.current = from + piece.length;
    changeDraft(id, { text: draft.text.slice(0, from) + piece + draft.text.slice(to) });
    setCaret(from + piece.length);
  };
  const choose = (index: number) => {
    const person = mentions.people[index];
    if (person === undefined) return;
    changeDraft(id, { mentions: [...new Set([...draft.mentions, person.user_id])] });
    insert(`@${person.name} `, mentions.from, caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || mentions.onKeyDown(event, choose)) return;
    if (event.key === 'Enter' && !event.shiftKey && !isTouch()) return take(event, send);
    const isModified = event.ctrlKey || event.metaKey;
    if (isModified && draft.text === '' && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      return take(event, () => replyToNeighbour(chat, id, draft.replyTo, event.key === 'ArrowUp' ? -1 : 1));
    if (event.key === 'ArrowUp' && !event.altKey && draft.text === '' && editLast()) return event.preventDefault();
    if (event.key === 'Escape' && (draft.editing !== null || draft.replyTo !== null))
      take(event, () => changeDraft(id, draft.editing === null ? { replyTo: null } : EMPTY_DRAFT));
  };
  return (
    <footer className="composer">
      <DraftSubject conversationId={id} draft={draft} />
      {failure !== null && (
        <p className="composer-failure" role="alert">
          {text('composer.notKept', { reason: failure })}
        </p>
      )}
      {mentions.people.length > 0 && <MentionList mentions={mentions} onChoose={choose} />}
      <div className="composer-line">
        <EmojiButton onPick={(emoji) => insert(emoji)} />
        <textarea
          ref={field}
          // What stands there while it is empty is the app's, and has its direction.
          dir={draft.text === '' ? undefined : 'auto'}
          rows={1}
          value={draft.text}
          placeholder={text('composer.placeholder', { name: shortened(titleOf(conversation, text)) })}
          aria-label={text('composer.label', { name: titleOf(conversation, text) })}
          aria-invalid={isTooLong}
          {...mentions.aria}
          onChange={(event) => {
            changeDraft(id, { text: event.target.value });
            setCaret(event.target.selectionStart);
            if (event.target.value !== '') chat.typing(id);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {draft.text.length > NEARLY_FULL && (
          <span className="composer-count" data-over={isTooLong} role="status">
            {LIMITS.textLengthMax - draft.text.length}
          </span>
        )}
        <IconButton
          className="composer-send"
          label={text(draft.editing === null ? 'composer.send' : 'composer.save')}
          icon={<SendHorizontal size={20} className="icon-turns" />}
          disabled={draft.text.trim() === '' || isTooLong}
          onClick={() => {
            send();
            focusComposer();
          }}
        />
      </div>
    </footer>
  );
}

function take(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

/** Answers the message before or after the one that is answered; the last one at first, none after the last. */
function replyToNeighbour(chat: Chat, id: ConversationId, replyTo: number | null, step: 1 | -1): void {
  const items = chat.store.getSnapshot().conversations[id]?.timeline.items ?? [];
  const messages = items.filter((item) => item.kind === 'message');
  const here = replyTo === null ? messages.length : messages.findIndex(({ seq }) => seq === replyTo);
  const next = messages[Math.max(0, here + step)];
  changeDraft(id, { replyTo: next?.seq ?? null });
}

/** Puts the last own message that may still be changed into the composer; false when there is none. */
function useEditLast({ conversation_id: id }: Conversation): () => boolean {
  const chat = useChat();
  const me = useMe();
  return () => {
    const items = chat.store.getSnapshot().conversations[id]?.timeline.items ?? [];
    const own = items.findLast(
      (item) => item.kind === 'message' && mayEdit(item.message, me?.user_id ?? '', Date.now()),
    );
    if (own?.kind !== 'message') return false;
    editDraft(id, own.seq, own.message.content?.text ?? '', own.message.content?.mentions ?? []);
    focusComposer();
    return true;
  };
}
