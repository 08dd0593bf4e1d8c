import { refused } from '../outcome.ts';

export const noSuchMember = refused('NOT_FOUND', 'There is no such member in this conversation. Nothing was done.');

export const lastOwner = refused(
  'LAST_OWNER',
  'This is the last owner and others remain. Nothing was done; make somebody else an owner first.',
);
