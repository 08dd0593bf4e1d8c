import type { UserId } from '@parley/protocol';

/** Who is connected. Expires by itself: a node that dies stops touching. Not durable. */
export interface PresenceStore {
  /** Returns true when the user was offline before. */
  connect(userId: UserId, connectionId: string, at: number): Promise<boolean>;
  /** Compare and delete by connection id (S12). Returns true when that was the user's last connection. */
  disconnect(userId: UserId, connectionId: string, at: number): Promise<boolean>;
  /** Heartbeat of all connections of this node; entries not touched for the time-to-live count as gone. */
  touch(connections: readonly { readonly userId: UserId; readonly connectionId: string }[], at: number): Promise<void>;
  online(userIds: readonly UserId[], at: number): Promise<ReadonlySet<UserId>>;
  counts(at: number): Promise<{ readonly connections: number; readonly users: number }>;
}
