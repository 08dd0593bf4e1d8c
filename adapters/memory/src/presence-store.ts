import type { PresenceStore } from '@parley/core';
import type { UserId } from '@parley/protocol';

export class MemoryPresenceStore implements PresenceStore {
  readonly #timeToLiveMs: number;
  /** User → connection → Unix ms of its last sign of life. */
  readonly #connections = new Map<UserId, Map<string, number>>();

  constructor(options: { readonly timeToLiveMs: number }) {
    this.#timeToLiveMs = options.timeToLiveMs;
  }

  async connect(userId: UserId, connectionId: string, at: number): Promise<boolean> {
    const wasOffline = this.#alive(userId, at) === 0;
    this.#touch(userId, connectionId, at);
    return wasOffline;
  }

  async disconnect(userId: UserId, connectionId: string, at: number): Promise<boolean> {
    const connections = this.#connections.get(userId);
    const seenAt = connections?.get(connectionId);
    if (connections === undefined || seenAt === undefined) return false;
    connections.delete(connectionId);
    if (connections.size === 0) this.#connections.delete(userId);
    return this.#alive(userId, at) === 0;
  }

  async touch(
    connections: readonly { readonly userId: UserId; readonly connectionId: string }[],
    at: number,
  ): Promise<void> {
    for (const { userId, connectionId } of connections) this.#touch(userId, connectionId, at);
  }

  async online(userIds: readonly UserId[], at: number): Promise<ReadonlySet<UserId>> {
    return new Set(userIds.filter((userId) => this.#alive(userId, at) > 0));
  }

  async counts(at: number): Promise<{ readonly connections: number; readonly users: number }> {
    let connections = 0;
    for (const userId of [...this.#connections.keys()]) connections += this.#alive(userId, at);
    return { connections, users: this.#connections.size };
  }

  #touch(userId: UserId, connectionId: string, at: number): void {
    const connections = this.#connections.get(userId) ?? new Map<string, number>();
    this.#connections.set(userId, connections.set(connectionId, at));
  }

  /** How many connections of a user are alive; forgets those that are not. */
  #alive(userId: UserId, at: number): number {
    const connections = this.#connections.get(userId);
    if (connections === undefined) return 0;
    for (const [connectionId, seenAt] of connections) {
      if (at - seenAt > this.#timeToLiveMs) connections.delete(connectionId);
    }
    if (connections.size === 0) this.#connections.delete(userId);
    return connections.size;
  }
}
