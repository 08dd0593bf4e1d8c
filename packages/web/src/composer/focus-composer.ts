/**
 * Puts the cursor at the end of the composer that is on the screen: at once, so that the next key is the composer's, and once more when what was put into it
 * has been drawn.
 */
export function focusComposer(): void {
  focusEnd();
  requestAnimationFrame(() => {
    // Whoever has gone elsewhere in between is left there.
    if (document.activeElement === document.body || document.activeElement === composerField()) focusEnd();
  });
}

const composerField = (): HTMLTextAreaElement | null => document.querySelector('.composer textarea');

function focusEnd(): void {
  const field = composerField();
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
