import { Smile } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense, useRef, useState } from 'react';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })));

export function EmojiButton({ onPick }: { onPick(emoji: string): void }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const hasPicked = useRef(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton label={text('emoji')} icon={<Smile size={22} />} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          aria-label={text('emoji')}
          // What was picked has put the cursor behind it; otherwise the button gets the focus back.
          onCloseAutoFocus={(event) => {
            if (hasPicked.current) event.preventDefault();
            hasPicked.current = false;
          }}
        >
          <Suspense fallback={<p className="emoji-loading">{text('loading')}</p>}>
            <EmojiPicker
              onPick={(emoji) => {
                hasPicked.current = true;
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
