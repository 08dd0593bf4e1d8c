import { utf8 } from '../bytes/bytes.ts';
import { E2EE_LIMITS } from '../limits.ts';

/** Ids are stored with a bound on their length; one that breaks it would be written and never read again. Throws RangeError. */
function requireShort(what: string, text: string, bytesMax: number): void {
  if (text.length <= bytesMax && utf8(text).length <= bytesMax) return;
  throw new RangeError(`A ${what} may have at most ${bytesMax} bytes. Nothing was done.`);
}

export const requireConversation = (id: string): void => requireShort('conversation id', id, E2EE_LIMITS.idBytesMax);
export const requireMessageId = (id: string): void => requireShort('message id', id, E2EE_LIMITS.messageIdBytesMax);
export const requireItemId = (id: string): void => requireShort('item id', id, E2EE_LIMITS.itemIdBytesMax);
