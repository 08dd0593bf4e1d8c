import type { Client, HeldConversation } from '@parley/client';
import type { ConversationId, UserId } from '@parley/protocol';
import type { UntimedLine, Verb } from './checker/history.ts';

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

/** One thing that is done, in a conversation that the device holds. */
export interface Step {
  readonly device: WorkloadDevice;
  readonly client: Client;
  readonly conversation: ConversationId;
  readonly held: HeldConversation;
}

export type Asked = {
  verb: Verb;
  conversation?: ConversationId;
  text?: string;
  target?: number;
  other?: UserId;
  head?: number;
};

export const messagesOf = ({ timeline }: HeldConversation) =>
  timeline.items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
