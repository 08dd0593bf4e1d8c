/** Puts the cursor into the composer that is on the screen, once it has been drawn. */
export function focusComposer(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLTextAreaElement>('.composer textarea');
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  });
}
