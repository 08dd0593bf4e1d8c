import { type Conversation, ROUTES } from '@parley/protocol';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { titleOf } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

export function LeaveButton({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [isAsking, setAsking] = useState(false);
  const leave = async () => {
    const params = { conversation_id: conversation.conversation_id };
    if (await task.run(() => chat.api.call(ROUTES.leaveConversation, { params }))) go({ name: 'home' });
  };
  return (
    <section className="about-section">
      <Button onClick={() => setAsking(true)}>
        <LogOut size={18} className="icon-turns" />
        {text('leave')}
      </Button>
      {isAsking && (
        <Dialog
          isQuestion
          title={text('leave.title', { name: titleOf(conversation, text) })}
          description={text('leave.hint')}
          onClose={() => setAsking(false)}
        >
          {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
          <DialogActions>
            <Button onClick={() => setAsking(false)}>{text('cancel')}</Button>
            <Button look="danger" isBusy={task.isBusy} onClick={() => void leave()}>
              {text('leave')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </section>
  );
}
