import { Pencil, Reply, X } from 'lucide-react';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { QuoteWords, useHeldItem } from '../timeline/quote.tsx';
import { changeDraft, type Draft, EMPTY_DRAFT } from './drafts.ts';

/** The message that is answered or changed, above the field. */
export function DraftSubject({ conversationId, draft }: { conversationId: string; draft: Draft }) {
  const text = useText();
  const seq = draft.editing ?? draft.replyTo;
  const item = useHeldItem(conversationId, seq ?? -1);
  if (seq === null) return null;
  const isEdit = draft.editing !== null;
  return (
    <div className="draft-subject">
      {isEdit ? <Pencil size={18} /> : <Reply size={18} className="icon-turns" />}
      <span className="draft-subject-words">
        <span className="hidden-visually">{text(isEdit ? 'composer.editing' : 'composer.replying')}</span>
        <QuoteWords item={item} />
      </span>
      <IconButton
        label={text(isEdit ? 'composer.cancelEdit' : 'composer.cancelReply')}
        icon={<X size={18} />}
        onClick={() => changeDraft(conversationId, isEdit ? EMPTY_DRAFT : { replyTo: null })}
      />
    </div>
  );
}
