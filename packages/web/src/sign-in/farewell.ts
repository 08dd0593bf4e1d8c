let isToSay = false;

/** Whoever has deleted the account ends at the form to log in: there it is said that it is done. */
export function sayFarewell(): void {
  isToSay = true;
}

/** Whether it is to be said; once. */
export function takeFarewell(): boolean {
  const wasToSay = isToSay;
  isToSay = false;
  return wasToSay;
}
