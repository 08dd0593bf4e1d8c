import type {
  Account,
  ConversationRecord,
  DeviceRecord,
  Invitation,
  MailboxRecord,
  Membership,
  PlaceDecisions,
  RefreshToken,
} from '@parley/core';
import type {
  Content,
  ConversationId,
  DeviceId,
  KeyBundleUpload,
  LogEntry,
  NewMessage,
  UserId,
} from '@parley/protocol';
import { UserFacts } from './user-facts.ts';

/** A message with everything that came later folded in. */
export interface MessageState {
  readonly message: Omit<NewMessage, 'type' | 'content'>;
  /** `null`: a tombstone, which nothing ever turns back. */
  content: Content | null;
  editedAt: number | null;
  /** Emoji → who reacted with it; an emoji without anybody is removed. */
  readonly reactions: Map<string, Set<UserId>>;
  stateSeq: number;
}

/** One place of a log. An erased entry keeps its place and its header; its content is gone. */
export interface LogRow {
  entry: LogEntry;
  erased: boolean;
  readonly state: MessageState | null;
}

/** What a member has beside the `Membership` that the port shows. */
export interface MemberRow extends Membership {
  readonly sharedReadUpTo: number;
  /** Seqs that the member has hidden ("deleted for me"). */
  readonly hidden: Set<number>;
  /** Made the conversation or has written in it. */
  readonly tookPart: boolean;
}

export interface ConversationRow {
  record: Omit<ConversationRecord, 'memberCount'>;
  /** The entry of seq n stands at index n - 1. */
  readonly log: LogRow[];
  readonly members: Map<UserId, MemberRow>;
  /** `<device> <client_msg_id>` → seq and fingerprint of the first entry under that key (S3). `null`: there was none, or it was erased with the content. */
  readonly keys: Map<string, { readonly seq: number; readonly fingerprint: string | null }>;
  messageCount: number;
  lastActivityAt: number;
}

/** What is left to erase of a deleted user in one conversation: the log from `nextSeq` on; before that the membership ends. */
export interface ErasureRow {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  nextSeq: number;
  isMember: boolean;
  /** Whether a message was erased so far. */
  hasErased: boolean;
}

export interface DeviceRow {
  record: DeviceRecord;
  /** Refresh tokens that were given and not exchanged; more than one where an answer was lost. */
  tokens: readonly RefreshToken[];
  /** The token that was exchanged for them. */
  exchanged: RefreshToken | null;
  bundle: Omit<KeyBundleUpload, 'one_time_keys'> | null;
  readonly oneTimeKeys: Map<number, string>;
  readonly mailbox: { headSeq: number; items: MailboxRecord[]; readonly sentKeys: Set<string> };
}

/**
 * Everything that the stores of one process hold. Each verb of a port reads and writes it in one turn of the event loop, without
 * waiting in between: that makes every verb atomic and every read consistent.
 */
export class State {
  readonly epoch: string;
  readonly accounts = new Map<UserId, Account>();
  readonly conversations = new Map<ConversationId, ConversationRow>();
  /** `<creator> <client_msg_id>` → what was created under that key. */
  readonly creationKeys = new Map<string, { readonly conversationId: ConversationId; readonly fingerprint: string }>();
  /** The conversations of each user. */
  readonly memberships = new Map<UserId, Set<ConversationId>>();
  readonly devices = new Map<DeviceId, DeviceRow>();
  /** Digest of every refresh token ever given to a device that still exists. */
  readonly refreshTokens = new Map<string, DeviceId>();
  readonly userFacts = new UserFacts();
  /** In the order of work. */
  readonly erasures: ErasureRow[] = [];
  placeDecisions: PlaceDecisions = { name: null, registration: null };
  /** In the order of making. */
  readonly invitations = new Map<string, Invitation>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  devicesOf(userId: UserId): DeviceRow[] {
    return [...this.devices.values()].filter(({ record }) => record.userId === userId);
  }

  member(conversationId: ConversationId, userId: UserId): MemberRow | undefined {
    return this.conversations.get(conversationId)?.members.get(userId);
  }

  /** An account that exists and is not deleted. */
  livingAccount(userId: UserId): Account | undefined {
    const account = this.accounts.get(userId);
    return account?.deletedAt === null ? account : undefined;
  }

  /** Takes a device away with its tokens, keys and mailbox. */
  dropDevice(deviceId: DeviceId): void {
    this.devices.delete(deviceId);
    for (const [digest, owner] of this.refreshTokens) {
      if (owner === deviceId) this.refreshTokens.delete(digest);
    }
  }
}
