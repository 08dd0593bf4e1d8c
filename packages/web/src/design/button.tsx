import type { ComponentProps, ReactNode } from 'react';
import './button.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one thing that a screen is for. `plain`: everything else. `quiet`: among text. `danger`: cannot be undone. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** The work it started is under way: it says so and cannot be pressed again. */
  readonly isBusy?: boolean;
}

export function Button({ look = 'plain', isBusy = false, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look} ${className}`}
      aria-busy={isBusy}
      disabled={rest.disabled === true || isBusy}
    >
      {children}
    </button>
  );
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does, for those who do not see the icon, and shown when the pointer rests on it. */
  readonly label: string;
  readonly icon: ReactNode;
}

export function IconButton({ label, icon, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} className={`icon-button ${className}`} aria-label={label} title={label}>
      {icon}
    </button>
  );
}
