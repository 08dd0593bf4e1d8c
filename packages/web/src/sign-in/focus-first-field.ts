import { isTouch } from '../app/is-touch.ts';

/** Who comes to a form wants to write in it. False where that would bring a keyboard over it, and where there is no field. */
export function focusFirstField(card: HTMLElement | null): boolean {
  const field = isTouch() ? null : card?.querySelector<HTMLElement>('input:not([readonly])');
  field?.focus();
  return field !== null && field !== undefined;
}
