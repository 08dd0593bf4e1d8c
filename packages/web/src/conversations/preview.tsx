import type { HeldConversation } from '@parley/client';
import { PencilLine } from 'lucide-react';
import { useSelected } from '../app/chat.ts';
import { useMe, useNameOf, useTypists } from '../app/state-hooks.ts';
import { useDraft } from '../composer/drafts.ts';
import { useText } from '../i18n/use-text.ts';
import { plainText } from '../timeline/plain-text.ts';
import { MessageTick, RowTick } from '../timeline/ticks.tsx';

/** One line of what is going on: who types, what was begun, what waits, what was said last. */
export function Preview({ held }: { readonly held: HeldConversation }) {
  const text = useText();
  const { resource } = held;
  const id = resource.conversation_id;
  const typists = useTypists(id);
  const draft = useDraft(id);
  if (typists.length > 0) return <Typing typists={typists} isDirect={resource.kind === 'direct'} />;
  if (draft.text.trim() !== '')
    return (
      <span className="preview preview-draft">
        <PencilLine size={14} role="img" aria-label={text('draft')} />
        <bdi>{draft.text}</bdi>
      </span>
    );
  return <Last held={held} />;
}

function Typing({ typists, isDirect }: { typists: readonly string[]; isDirect: boolean }) {
  const text = useText();
  const name = useNameOf(typists[0] ?? '');
  return (
    <span className="preview preview-typing">
      <bdi>{isDirect ? text('typing') : text('typing.who', { name, others: typists.length - 1 })}</bdi>
    </span>
  );
}

function Last({ held }: { held: HeldConversation }) {
  const text = useText();
  const me = useMe();
  const { conversation_id: id, last_message: last, kind } = held.resource;
  const waiting = useSelected((state) =>
    state.outbox.findLast((row) => row.conversationId === id && isSend(row.write.kind)),
  );
  const sender = useNameOf(last?.sender_id ?? '');
  if (waiting !== undefined)
    return (
      <span className="preview">
        <RowTick row={waiting} />
        <bdi>{waiting.write.kind === 'send' ? waiting.write.content.text : text('forwarded')}</bdi>
      </span>
    );
  if (last === null) return <span className="preview preview-none">{text('preview.none')}</span>;
  const isOwn = last.sender_id === me?.user_id;
  return (
    <span className="preview">
      {isOwn && last.content !== null && <MessageTick message={last} />}
      {!isOwn && kind === 'group' && (
        // The name in isolation, so that what stands behind it stays behind it, whichever way the name is read.
        <span className="preview-sender">{text('preview.sender', { name: `\u2068${sender}\u2069` })}</span>
      )}
      <bdi>
        {last.content === null
          ? text('message.deleted')
          : last.content.text === undefined
            ? text('message.sealed')
            : plainText(last.content.text)}
      </bdi>
    </span>
  );
}

const isSend = (kind: string): boolean => kind === 'send' || kind === 'forward';
