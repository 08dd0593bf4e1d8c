/** What a record is about. `id` completes the name; see `record-names.ts` for the layout. */
export type RecordKind =
  | 'rotating_pre_keys'
  | 'one_time_pre_key'
  | 'session'
  | 'outgoing'
  | 'incoming'
  | 'own_sender_key'
  | 'peer_sender_keys';

export interface RecordName {
  readonly kind: RecordKind;
  /** Up to 300 characters. */
  readonly id: string;
}

export interface StoredRecord {
  /** The store's generation in which the record was written: no version of any record comes twice. */
  readonly version: number;
  /** Encrypted by `StateVault`; opaque to the store. */
  readonly sealed: Uint8Array;
}

export interface RecordChange {
  readonly name: RecordName;
  /** Version that the change is based on; 0: the record must not exist. */
  readonly expectedVersion: number;
  /** `undefined` deletes the record. */
  readonly sealed: Uint8Array | undefined;
}

/**
 * Where the secret state of one device lives. The whole contract is the single durable step (R5): `commit` makes state and message
 * durable together or not at all, so that no crash can lose a message or use a key twice.
 */
export interface SessionStore {
  /** Sees every commit that has resolved, also those of other tabs and processes on the same store. */
  read(name: RecordName): Promise<StoredRecord | undefined>;
  /**
   * All changes or none, durable before it resolves. `conflict`, and nothing is written, when any record has another version than
   * expected: another writer was here. A rejection leaves it open whether the step was applied: read again.
   */
  commit(changes: readonly RecordChange[]): Promise<'committed' | 'conflict'>;
  /** Ids of a kind in ascending text order, after `afterId` (`''`: from the start), at most `limit`. */
  list(kind: RecordKind, afterId: string, limit: number): Promise<readonly string[]>;
  /**
   * Number of commits so far. Never falls: a copy of it kept elsewhere shows that a store was rolled back to an older backup,
   * in which case its keys must not be used again (R6).
   */
  generation(): Promise<number>;
}
