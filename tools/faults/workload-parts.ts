import type { Client } from '@parley/client';
import type { ConversationId, UserId } from '@parley/protocol';
import type { UntimedLine } from './checker/history.ts';

/** A device as the workload uses it, in a simulation or in a process of its own. */
export interface WorkloadDevice {
  readonly name: string;
  readonly user: UserId;
  /** Undefined: the app is not running. */
  readonly client: Client | undefined;
  readonly isSignedOut: boolean;
  /** Of the present life of the app: what comes after its end is heard by nobody. */
  readonly clock: { readonly isDead: boolean };
  glimpse(conversation: ConversationId): void;
}

export interface WorkloadParts {
  write(line: UntimedLine): void;
  /** A seeded number in [0, limit). */
  below(limit: number): number;
  readonly users: readonly UserId[];
  /** Accounts may be deleted. */
  readonly canErase: boolean;
  /** Operations are counted from here: numbers are unique in a history. */
  readonly firstOp: number;
}
