import type { ContentInput, ConversationId, DeviceId, ErrorCode, UserId } from '@parley/protocol';

/** What the user asked for. */
export type OutboxWrite =
  | { readonly kind: 'send'; readonly content: ContentInput }
  | { readonly kind: 'forward'; readonly source: { readonly conversationId: ConversationId; readonly seq: number } }
  | { readonly kind: 'edit'; readonly targetSeq: number; readonly content: ContentInput }
  | { readonly kind: 'delete'; readonly targetSeq: number; readonly scope: 'everyone' | 'me' }
  | {
      readonly kind: 'react';
      readonly targetSeq: number;
      readonly emoji: string;
      readonly action: 'added' | 'removed';
    };

/**
 * `pending`: not acknowledged; repeated with the same key until it is (SEND-4). `delay` says why it waits although the connection is live.
 * `stored`: acknowledged at `seq`; the row goes when that place of the log is on this device. `failed`: refused, so not stored; the user decides.
 * `DEVICE_CHANGED`: it waited when this device was logged out. Keys count per device (SEND-2), so repeating it by itself could store it twice.
 */
export type OutboxRowState =
  | { readonly kind: 'pending'; readonly delay?: { readonly code: ErrorCode; readonly untilMs: number } }
  | { readonly kind: 'stored'; readonly seq: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode | 'DEVICE_CHANGED'; readonly detail: string };

/** A write of this device that is not yet in its log. */
export interface OutboxRow {
  /** Idempotency key (SEND-2) and key of the row. */
  readonly clientMsgId: string;
  /** Who wrote it, logged in as which device. */
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly conversationId: ConversationId;
  /** Unix ms. */
  readonly createdAt: number;
  /** Rows are sent in this order per conversation. */
  readonly order: number;
  readonly write: OutboxWrite;
  readonly state: OutboxRowState;
}
