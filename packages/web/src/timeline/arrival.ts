import type { ConversationId } from '@parley/protocol';

/** Whoever goes to a conversation by a letter on a message reads on there: the next letter must not be written into the field. */
let readingIn: ConversationId | null = null;

export const arriveReading = (id: ConversationId): void => {
  readingIn = id;
};

export const isArrivingToRead = (id: ConversationId): boolean => readingIn === id;

/** True once: the focus goes to a message. */
export function takeArrival(id: ConversationId): boolean {
  const isReading = readingIn === id;
  readingIn = null;
  return isReading;
}
