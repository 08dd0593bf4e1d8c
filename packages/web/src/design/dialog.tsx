import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './button.tsx';
import { useCloseRequest } from './use-close-request.ts';
import './dialog.css';

export interface DialogProps {
  readonly title: string;
  readonly description?: string;
  onClose(): void;
  readonly children: ReactNode;
  /** For a question that must be answered: closing is one of its buttons. */
  readonly isQuestion?: boolean;
}

/**
 * A window above the page. Radix keeps the focus inside and gives it back; its own overlay is not used because it writes a style sheet into the page,
 * which the content security policy forbids.
 */
export function Dialog({ title, description, onClose, children, isQuestion = false }: DialogProps) {
  const text = useText();
  useCloseRequest(onClose);
  // Radix would give the focus back to a trigger of its own; here whoever had it gets it.
  const [opener] = useState(() => document.activeElement);
  const giveBack = (event: Event) => {
    event.preventDefault();
    // Unless what was done in the dialog has put it somewhere already.
    if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
  };
  const describedBy = description === undefined ? { 'aria-describedby': undefined } : {};
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <div className="dialog-veil">
          <Radix.Content
            onOpenAutoFocus={focusFirstField}
            onCloseAutoFocus={giveBack}
            className="dialog"
            aria-modal="true"
            role={isQuestion ? 'alertdialog' : 'dialog'}
            {...describedBy}
          >
            <header className="dialog-header">
              <Radix.Title>{title}</Radix.Title>
              {!isQuestion && <IconButton label={text('close')} icon={<X size={20} />} onClick={onClose} />}
            </header>
            {description !== undefined && (
              <Radix.Description className="dialog-description">{description}</Radix.Description>
            )}
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Who opens a form wants to write, who opens what has one purpose wants that; without either Radix takes the first thing that can be focused. */
function focusFirstField(event: Event): void {
  const field = document.querySelector<HTMLElement>('.dialog input:not([readonly]), .dialog .button-primary');
  if (field === null) return;
  event.preventDefault();
  // What is above it is what it is about.
  field.focus({ preventScroll: true });
}

/** The row of buttons at its foot. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <footer className="dialog-actions">{children}</footer>;
}
