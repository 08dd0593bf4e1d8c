import type { UserEvent } from '@parley/protocol';
import { meOf } from '../accounts/account-resources.ts';
import { findAccount } from '../accounts/own-account.ts';
import { conversationOfView } from '../conversations/conversation-of-view.ts';
import type { Core } from '../core.ts';
import type { UserLogEntry } from '../ports/user-log.ts';

/** The event of a stored entry, with the conversation or profile as they are now. Undefined: superseded, the user has left that conversation again. */
export async function completeUserEntry(
  core: Pick<Core, 'conversationStore' | 'accountStore'>,
  entry: UserLogEntry,
): Promise<UserEvent | undefined> {
  const user_seq = entry.seq;
  switch (entry.type) {
    case 'conversation_joined': {
      const account = await findAccount(core, entry.userId);
      const view = await core.conversationStore.view(entry.conversationId, entry.userId);
      return view && { type: entry.type, user_seq, conversation: conversationOfView(view, account) };
    }
    case 'conversation_left':
      return { type: entry.type, user_seq, conversation_id: entry.conversationId, reason: entry.reason };
    case 'cursor_moved':
      return {
        type: entry.type,
        user_seq,
        conversation_id: entry.conversationId,
        delivered_up_to: entry.deliveredUpTo,
        read_up_to: entry.readUpTo,
        read_count: entry.readCount,
      };
    case 'settings_changed':
      return { type: entry.type, user_seq, conversation_id: entry.conversationId, settings: entry.settings };
    case 'message_hidden':
      return { type: entry.type, user_seq, conversation_id: entry.conversationId, seq: entry.messageSeq };
    case 'profile_changed': {
      const account = await findAccount(core, entry.userId);
      return account && { type: entry.type, user_seq, me: meOf(account) };
    }
    case 'devices_changed':
      return { type: entry.type, user_seq, device_id: entry.deviceId, change: entry.change };
  }
}
