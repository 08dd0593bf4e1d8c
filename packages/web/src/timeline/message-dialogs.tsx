import type { Message } from '@parley/protocol';
import { lazy, Suspense } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { useText } from '../i18n/use-text.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { ForwardDialog } from './forward-dialog.tsx';
import { MessageInfoDialog } from './message-info-dialog.tsx';
import { useReact } from './reactions.tsx';

const EmojiPicker = lazy(() =>
  import('../composer/emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })),
);

export type MessageDialog = 'react' | 'forward' | 'info' | 'delete';

export interface MessageDialogProps {
  readonly message: Message;
  onClose(): void;
}

export function MessageDialogs({ dialog, ...props }: MessageDialogProps & { readonly dialog: MessageDialog }) {
  switch (dialog) {
    case 'react':
      return <ReactDialog {...props} />;
    case 'forward':
      return <ForwardDialog {...props} />;
    case 'info':
      return <MessageInfoDialog {...props} />;
    case 'delete':
      return <DeleteDialog {...props} />;
  }
}

function ReactDialog({ message, onClose }: MessageDialogProps) {
  const text = useText();
  const react = useReact(message);
  return (
    <Dialog title={text('action.react')} onClose={onClose}>
      <Suspense fallback={<p>{text('loading')}</p>}>
        <EmojiPicker
          onPick={(emoji) => {
            react(emoji);
            onClose();
          }}
        />
      </Suspense>
    </Dialog>
  );
}
