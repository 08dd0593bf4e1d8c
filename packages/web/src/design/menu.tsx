import { DropdownMenu as Radix } from 'radix-ui';
import { type ReactElement, type ReactNode, useRef, useState } from 'react';
import './menu.css';
import { useCloseRequest } from './use-close-request.ts';

/** What one line of a menu says and does. */
export interface MenuItem {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  /** Present: a choice that is on or off. */
  readonly isChecked?: boolean;
  /** Stands with its like in one row above the lines, as a sign without words. */
  readonly isQuick?: boolean;
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
  const [isOwnOpen, setOwnOpen] = useState(false);
  const changeOpen = (opens: boolean) => {
    setOwnOpen(opens);
    onOpenChange?.(opens);
  };
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
  const choose = (item: MenuItem) => {
    chosen.current = item;
  };
  return (
    <Radix.Root dir={pageDirection()} modal={false} open={isOpen ?? isOwnOpen} onOpenChange={changeOpen}>
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
          <Closable onClose={() => changeOpen(false)} />
          <QuickRow items={items.filter((item) => item.isQuick === true)} onChoose={choose} />
          {items.map((item) => item.isQuick !== true && <Line key={item.label} item={item} onChoose={choose} />)}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Stands in a menu that is open. */
function Closable({ onClose }: { onClose(): void }) {
  useCloseRequest(onClose);
  return null;
}

/** Radix does not look, and writes from left to right. */
const pageDirection = () => (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');

function QuickRow({ items, onChoose }: { items: readonly MenuItem[]; onChoose(item: MenuItem): void }) {
  if (items.length === 0) return null;
  return (
    <Radix.Group className="menu-quick">
      {items.map((item) => (
        <Radix.Item
          key={item.label}
          className="menu-quick-item"
          aria-label={item.label}
          onSelect={() => onChoose(item)}
        >
          {item.icon}
        </Radix.Item>
      ))}
    </Radix.Group>
  );
}

function Line({ item, onChoose }: { item: MenuItem; onChoose(item: MenuItem): void }) {
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
      <Radix.Item className={className} onSelect={() => onChoose(item)}>
        {inside}
      </Radix.Item>
    );
  return (
    <Radix.CheckboxItem className={className} checked={item.isChecked} onSelect={() => onChoose(item)}>
      {inside}
      <Radix.ItemIndicator className="menu-check">✓</Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}
