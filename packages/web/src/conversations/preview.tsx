import type { HeldConversation } from '@parley/client';
import type { UserId } from '@parley/protocol';
import { PencilLine } from 'lucide-react';
import { useSelected } from '../app/chat.ts';
import { useKnownPeople } from '../app/people.ts';
import { useMe, useNameOf, useTypists, useUser } from '../app/state-hooks.ts';
import { useDraft } from '../composer/drafts.ts';
import { isolated, useText } from '../i18n/use-text.ts';
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

function Typing({ typists, isDirect }: { typists: readonly UserId[]; isDirect: boolean }) {
  const text = useText();
  const [first = ''] = typists;
  const name = useFirstNameOf(first);
  const isKnown = useUser(first) !== undefined;
  useKnownPeople(typists);
  return (
    <span className="preview preview-typing">
      <span>
        {isDirect || !isKnown
          ? text('typing')
          : text('typing.who', { name: isolated(name), others: typists.length - 1 })}
      </span>
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
  const sender = useFirstNameOf(last?.sender_id ?? '');
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
        <span className="preview-sender">{text('preview.sender', { name: isolated(sender) })}</span>
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

/** There is room for what was said only when the whole name does not take it. */
function useFirstNameOf(userId: string): string {
  const isDeleted = useUser(userId)?.deleted !== false;
  const name = useNameOf(userId);
  return isDeleted ? name : (name.trim().split(/\s/u)[0] ?? name);
}
