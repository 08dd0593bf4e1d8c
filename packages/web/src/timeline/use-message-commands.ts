import type { Message } from '@parley/protocol';
import { useMemo } from 'react';
import { copyText } from '../app/copy-text.ts';
import { useMe, useResource } from '../app/state-hooks.ts';
import { editDraft, replyDraft } from '../composer/drafts.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import type { TextId } from '../i18n/use-text.ts';
import type { MessageDialog } from './message-dialogs.tsx';
import { mayEdit, mayWrite } from './message-rights.ts';

/** Something that can be done with a message: by menu, by key, by button. */
export interface MessageCommand {
  readonly name: 'react' | 'reply' | 'edit' | 'copy' | 'forward' | 'info' | 'delete';
  readonly text: TextId;
  /** Keys on the focused message; the first is shown in the menu. */
  readonly keys: readonly string[];
  run(): void;
}

export function useMessageCommands(
  message: Message,
  isWaiting: boolean,
  openDialog: (dialog: MessageDialog) => void,
): readonly MessageCommand[] {
  const me = useMe();
  const conversation = useResource(message.conversation_id);
  return useMemo(() => {
    if (conversation === undefined || message.content === null) return [];
    const { conversation_id: id, content } = message;
    const words = content.text;
    const copy: MessageCommand = {
      name: 'copy',
      text: 'action.copy',
      keys: ['c', 'C'],
      run: () => void copyText(words ?? ''),
    };
    // Everything else names its place in the log.
    if (isWaiting) return [copy];
    const commands: MessageCommand[] = [
      { name: 'react', text: 'action.react', keys: [':'], run: () => openDialog('react') },
    ];
    if (mayWrite(conversation))
      commands.push({
        name: 'reply',
        text: 'action.reply',
        keys: ['r', 'R'],
        run: () => compose(() => replyDraft(id, message.seq)),
      });
    if (words !== undefined && mayEdit(message, me?.user_id ?? '', Date.now()))
      commands.push({
        name: 'edit',
        text: 'action.edit',
        keys: ['e', 'E'],
        run: () => compose(() => editDraft(id, message.seq, words, content.mentions ?? [])),
      });
    if (words !== undefined)
      commands.push(copy, {
        name: 'forward',
        text: 'action.forward',
        keys: ['f', 'F'],
        run: () => openDialog('forward'),
      });
    commands.push(
      { name: 'info', text: 'action.info', keys: ['i', 'I'], run: () => openDialog('info') },
      { name: 'delete', text: 'action.delete', keys: ['Delete', 'Backspace'], run: () => openDialog('delete') },
    );
    return commands;
  }, [conversation, message, isWaiting, me, openDialog]);
}

function compose(change: () => void): void {
  change();
  focusComposer();
}
