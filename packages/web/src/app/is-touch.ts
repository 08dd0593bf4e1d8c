/** Whether there is only a touch keyboard, as far as a page can know: it would cover what somebody came to read, and its Enter makes a line. */
export const isTouch = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches;
