import { useChat } from '../app/chat.ts';
import { useMe, useResource } from '../app/state-hooks.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { useText } from '../i18n/use-text.ts';
import type { MessageDialogProps } from './message-dialogs.tsx';
import { mayDeleteForAll } from './message-rights.ts';

export function DeleteDialog({ message, onClose }: MessageDialogProps) {
  const text = useText();
  const chat = useChat();
  const me = useMe();
  const conversation = useResource(message.conversation_id);
  const isForAll = conversation !== undefined && mayDeleteForAll(message, conversation, me?.user_id ?? '', Date.now());
  const remove = (scope: 'everyone' | 'me') => {
    void chat.delete(message.conversation_id, message.seq, scope);
    onClose();
  };
  return (
    <Dialog
      isQuestion
      title={text('delete.title')}
      description={text(isForAll ? 'delete.hint' : 'delete.hintMe')}
      onClose={onClose}
    >
      <blockquote className="delete-quote" dir="auto">
        {message.content?.text}
      </blockquote>
      <DialogActions>
        <Button onClick={onClose}>{text('cancel')}</Button>
        <Button look={isForAll ? 'plain' : 'danger'} onClick={() => remove('me')}>
          {text('delete.me')}
        </Button>
        {isForAll && (
          <Button look="danger" onClick={() => remove('everyone')}>
            {text('delete.everyone')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
