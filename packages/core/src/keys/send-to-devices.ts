import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { MailboxPut } from '../ports/mailbox.ts';
import type { AnswerOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { strangersAmong } from './strangers-among.ts';

/** BOX-1, BOX-2: puts opaque payloads into the mailboxes of devices of people one shares a conversation with: all or none, once. */
export async function sendToDevices(
  core: Pick<Core, 'mailbox' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  { clientMsgId, items }: { readonly clientMsgId: string; readonly items: readonly MailboxPut[] },
): Promise<Outcome<AnswerOf<'sendToDevices'>>> {
  const tooMany = await takeWrite(core, actor, 'mailbox');
  if (tooMany !== undefined) return tooMany;
  const recipients = items.map(({ userId }) => userId);
  if (await strangersAmong(core, actor, recipients))
    return refused(
      'NOT_FOUND',
      'One of these people does not exist or shares no conversation with you. Nothing was stored.',
    );
  const createdAt = core.clock.now();
  const outcome = await core.mailbox.put({
    senderId: actor.userId,
    senderDeviceId: actor.deviceId,
    clientMsgId,
    createdAt,
    items,
    itemsMax: core.settings.mailboxItemsMax,
  });
  switch (outcome.kind) {
    case 'stored': {
      const ownerOf = new Map(items.map(({ deviceId, userId }) => [deviceId, userId]));
      for (const record of outcome.records) {
        const userId = ownerOf.get(record.deviceId);
        if (userId !== undefined) core.broker.publish(`user:${userId}`, { type: 'mailbox', record });
      }
      return done({ created_at: createdAt });
    }
    case 'duplicate':
      return done({ created_at: createdAt });
    case 'devices_changed':
      return refused('DEVICES_CHANGED', 'One of these devices is gone. Nothing was stored; ask for the devices again.');
    case 'mailbox_full':
      return refused(
        'STORE_UNAVAILABLE',
        'A mailbox is full until its device reads it. Nothing was stored; repeat later with the same key.',
      );
  }
}
