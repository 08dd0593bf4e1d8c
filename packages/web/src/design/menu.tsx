import { DropdownMenu as Radix } from 'radix-ui';
import { type ReactElement, type ReactNode, useRef } from 'react';
import './menu.css';

/** What one line of a menu says and does. */
export interface MenuItem {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  /** Present: a choice that is on or off. */
  readonly isChecked?: boolean;
  /** A key that does the same without the menu. */
  readonly shortcut?: string;
  onSelect(): void;
}

export interface MenuProps {
  /** What opens it: a button. */
  readonly trigger: ReactElement;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
  onOpenChange?(isOpen: boolean): void;
  readonly isOpen?: boolean;
  /** What gets the focus when it closes, if not the trigger. */
  returnFocusTo?(): HTMLElement | null | undefined;
}

/** Not modal: the modal form writes a style sheet into the page, which the content security policy forbids. */
export function Menu({ trigger, items, align = 'end', onOpenChange, isOpen, returnFocusTo }: MenuProps) {
  const chosen = useRef<MenuItem | null>(null);
  // What was chosen is done when the focus is back where it came from, so that a dialog can give it back to there.
  const onClosed = (event: Event) => {
    const target = returnFocusTo?.();
    if (target !== null && target !== undefined) {
      event.preventDefault();
      target.focus();
    }
    const item = chosen.current;
    chosen.current = null;
    if (item !== null) queueMicrotask(() => item.onSelect());
  };
  const control = isOpen === undefined ? {} : { open: isOpen };
  return (
    <Radix.Root modal={false} {...control} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          loop
          onCloseAutoFocus={onClosed}
        >
          {items.map((item) => (
            <Line
              key={item.label}
              item={item}
              onChoose={() => {
                chosen.current = item;
              }}
            />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Line({ item, onChoose }: { item: MenuItem; onChoose(): void }) {
  const className = `menu-line ${item.isDangerous === true ? 'menu-line-danger' : ''}`;
  const inside = (
    <>
      {item.icon}
      <span>{item.label}</span>
      {item.shortcut !== undefined && <kbd aria-hidden="true">{item.shortcut}</kbd>}
    </>
  );
  if (item.isChecked === undefined)
    return (
      <Radix.Item className={className} onSelect={onChoose}>
        {inside}
      </Radix.Item>
    );
  return (
    <Radix.CheckboxItem className={className} checked={item.isChecked} onSelect={onChoose}>
      {inside}
      <Radix.ItemIndicator className="menu-check">✓</Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}
