import type { LogEntry, Privacy, User, UserId } from '@parley/protocol';

export interface Account {
  readonly userId: UserId;
  readonly username: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly name: string;
  readonly status: string | null;
  readonly avatarUrl: string | null;
  readonly privacy: Privacy;
  readonly isAdmin: boolean;
  /** PHC string of the hasher. */
  readonly passwordHash: string;
  readonly createdAt: number;
  /** Unix ms of the last time a connection of the user closed; `null`: never connected. */
  readonly lastSeenAt: number | null;
  readonly deletedAt: number | null;
}

/** People. Writes are atomic and durable and resolve after the commit. Identifiers (username, e-mail, phone) are unique, compared in lower case. */
export interface AccountStore {
  /** The first account of a store becomes administrator, decided inside the write; so is whether one that may be made `only_as_first` is the first. */
  create(
    account: Omit<Account, 'isAdmin' | 'lastSeenAt' | 'deletedAt'>,
    admission: 'always' | 'only_as_first',
  ): Promise<
    | { readonly kind: 'created'; readonly account: Account }
    | { readonly kind: 'not_first' }
    | { readonly kind: 'identifier_taken'; readonly field: 'username' | 'email' | 'phone' }
  >;
  findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Account>>;
  /** By username, e-mail or phone; deleted accounts are not found. */
  findByIdentifier(identifier: string): Promise<Account | undefined>;
  /** Appends `profile_changed` to the user's log. Of `privacy`, what is not named stays, also when another change is made at the same time. */
  update(
    userId: UserId,
    change: Partial<
      Pick<Account, 'username' | 'name' | 'status' | 'avatarUrl' | 'passwordHash'> & {
        readonly privacy: Partial<Privacy>;
      }
    >,
  ): Promise<
    | { readonly kind: 'updated'; readonly account: Account }
    | { readonly kind: 'identifier_taken'; readonly field: 'username' }
    | { readonly kind: 'unknown_user' }
  >;
  /** Makes or unmakes an administrator and appends `profile_changed` to the user's log. `last_admin`: nobody would be one any more, nothing was written (PLACE-5). */
  setAdmin(
    userId: UserId,
    isAdmin: boolean,
  ): Promise<
    | { readonly kind: 'set'; readonly account: Account }
    | { readonly kind: 'unknown_user' }
    | { readonly kind: 'last_admin' }
  >;
  touchLastSeen(seen: readonly { readonly userId: UserId; readonly at: number }[]): Promise<void>;
  /** Not deleted; name or username begins with the text (case-insensitive), or any word of the name; by user id after the place. */
  search(query: string, after: UserId | null, limit: number): Promise<readonly User[]>;
  /** All accounts, newest first (user ids descend), optionally filtered as in `search`. */
  list(
    query: string | undefined,
    before: UserId | null,
    limit: number,
  ): Promise<readonly (Account & { readonly deviceCount: number })[]>;
  /**
   * The one write that decides a deletion: erases profile, identifiers, password, devices, keys, mailboxes, the user's log and creation keys; the row stays as "Deleted
   * user", which nobody can make a member of anything. The same write takes the user's roles away and notes every conversation in which the user ever was, for
   * `eraseNext`. `last_owner`: a group or channel in which others remain has no other owner; `last_admin`: the server has no other administrator; nothing was written. Repeating changes nothing.
   */
  erase(
    userId: UserId,
    at: number,
  ): Promise<{ readonly kind: 'erased' } | { readonly kind: 'last_owner' } | { readonly kind: 'last_admin' }>;
  /**
   * The next step of what `erase` has noted, over all erased users. First each of their memberships ends, one a step (`entry`: `member_removed`, `account_deleted`). Then a
   * step goes through at most `rowsMax` log rows of one conversation and turns the user's messages into tombstones, content, edits and reactions on them gone. The step that
   * reaches the head appends `author_erased` (`entry`; none where the user had nothing to erase) and forgets the note, so that the entry is never there before the last
   * content is gone. `done`: nothing is noted. Each step is one durable write; whoever is stopped between two goes on where it was, and steps of several callers at
   * once do no harm.
   */
  eraseNext(
    at: number,
    rowsMax: number,
  ): Promise<{ readonly kind: 'done' } | { readonly kind: 'more'; readonly entry: LogEntry | null }>;
  counts(): Promise<{
    readonly users: number;
    readonly devices: number;
    readonly conversations: number;
    readonly messages: number;
  }>;
}
