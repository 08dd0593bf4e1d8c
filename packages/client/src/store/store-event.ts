import type {
  Conversation,
  ConversationId,
  HistoryPage,
  LogEntry,
  Message,
  NoticeOf,
  Presence,
  Snapshot,
  User,
  UserEvent,
  UserId,
} from '@parley/protocol';
import type { ConnectionStatus } from '../connection/status.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { ClientState, ReadMark } from './state.ts';

/** Everything that can happen to the state. Plain data, so that one tab can tell another. */
export type StoreEvent =
  /** A state that was stored, or another tab's. */
  | { readonly type: 'state_loaded'; readonly state: ClientState }
  | { readonly type: 'signed_out' }
  | { readonly type: 'status_changed'; readonly status: ConnectionStatus }
  | { readonly type: 'snapshot_taken'; readonly snapshot: Snapshot }
  /**
   * Next entries of a log, ascending. The giver promises that nothing visible lies between the head and the first, between two of them, or
   * between the last and `coveredUpTo`.
   */
  | {
      readonly type: 'entries_arrived';
      readonly conversationId: ConversationId;
      readonly entries: readonly LogEntry[];
      readonly coveredUpTo: number;
    }
  | { readonly type: 'user_event_arrived'; readonly event: UserEvent }
  | { readonly type: 'user_log_covered'; readonly upTo: number }
  /** A newer state that replaces the one held, without the entries between. */
  | { readonly type: 'conversation_refreshed'; readonly conversation: Conversation }
  /** Conversations that are new to this device; those that are held keep to their log. `more`: the rest of the list, where this was a page of it. */
  | {
      readonly type: 'conversations_found';
      readonly conversations: readonly Conversation[];
      readonly more?: string | null;
    }
  | {
      readonly type: 'page_loaded';
      readonly conversationId: ConversationId;
      readonly page: HistoryPage;
      /** Entries that arrived between asking for the page and now. */
      readonly since: readonly LogEntry[];
    }
  | { readonly type: 'users_found'; readonly users: readonly User[] }
  | {
      readonly type: 'receipts_arrived';
      readonly conversationId: ConversationId;
      readonly cursors: NoticeOf<'receipts'>['cursors'];
      readonly all: Conversation['receipts'];
    }
  /** The message that the list shows, where the log did not tell (`leavesLastMessageOpen`). */
  | {
      readonly type: 'last_message_found';
      readonly conversationId: ConversationId;
      readonly message: Message | null;
      readonly lastActivityAt: number;
    }
  /** How far all members are, read anew. */
  | {
      readonly type: 'receipts_found';
      readonly conversationId: ConversationId;
      readonly receipts: Conversation['receipts'];
    }
  | { readonly type: 'read_marked'; readonly conversationId: ConversationId; readonly mark: ReadMark }
  /** `untilMs` null: stopped. */
  | {
      readonly type: 'typing_changed';
      readonly conversationId: ConversationId;
      readonly userId: UserId;
      readonly untilMs: number | null;
    }
  | { readonly type: 'presence_changed'; readonly items: readonly Presence[] }
  /** Adds a row or replaces the one with its key. */
  | { readonly type: 'outbox_changed'; readonly row: OutboxRow }
  | { readonly type: 'outbox_removed'; readonly clientMsgId: string };
