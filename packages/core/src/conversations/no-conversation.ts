import { refused } from '../outcome.ts';

/** SEND-6: one answer for "there is none" and "not yours". */
export const noConversation = refused(
  'NOT_FOUND',
  'There is no such conversation, or you are not a member of it. Nothing was done.',
);
