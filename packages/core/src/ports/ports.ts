import type { AccountStore } from './account-store.ts';
import type { Broker } from './broker.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { DeviceStore } from './device-store.ts';
import type { Clock, Digest, Log, Random } from './environment.ts';
import type { KeyBundleStore } from './key-bundle-store.ts';
import type { Mailbox } from './mailbox.ts';
import type { MembershipStore } from './membership-store.ts';
import type { MessageLog } from './message-log.ts';
import type { OneTimeSecrets } from './one-time-secrets.ts';
import type { PlaceStore } from './place-store.ts';
import type { PresenceStore } from './presence-store.ts';
import type { CodeSender, PasswordHasher, RateLimiter, TokenSigner } from './security.ts';
import type { UserLog } from './user-log.ts';

/** The durable stores: one engine gives all of them (capabilities of an engine are decided in its adapter). */
export interface Stores {
  readonly messageLog: MessageLog;
  readonly conversationStore: ConversationStore;
  readonly membershipStore: MembershipStore;
  readonly userLog: UserLog;
  readonly accountStore: AccountStore;
  readonly deviceStore: DeviceStore;
  readonly keyBundleStore: KeyBundleStore;
  readonly mailbox: Mailbox;
  readonly placeStore: PlaceStore;
}

/** Everything that the composition root provides. A rule asks for the few it uses: `Pick<Ports, 'messageLog' | 'broker'>`. */
export interface Ports extends Stores {
  readonly broker: Broker;
  readonly presenceStore: PresenceStore;
  readonly oneTimeSecrets: OneTimeSecrets;
  readonly passwordHasher: PasswordHasher;
  readonly tokenSigner: TokenSigner;
  readonly codeSender: CodeSender;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly log: Log;
}
