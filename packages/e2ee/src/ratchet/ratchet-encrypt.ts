import { EMPTY } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { Profile } from '../profile/profile.ts';
import { refreshOnSend } from './kem-refresh.ts';
import type { RatchetState, SendingChain } from './ratchet-state.ts';

export type RatchetEncryptOutcome =
  | { readonly kind: 'sealed'; readonly message: Uint8Array; readonly state: RatchetState }
  /** The session cannot send any more: the peer's keys are unusable or a counter is at its end. A new handshake is due. */
  | { readonly kind: 'refused'; readonly reason: 'session_unusable' };

export interface RatchetMessageContext {
  readonly provider: CryptoProvider;
  readonly profile: Profile;
  /** 8 bytes, or empty where the profile does not use it. */
  readonly sessionTag: Uint8Array;
  readonly associatedData: Uint8Array;
}

/** RatchetEncrypt (Double Ratchet §3.4). The new state must be durable before the message leaves (R5). */
export async function ratchetEncrypt(
  context: RatchetMessageContext,
  state: RatchetState,
  plaintext: Uint8Array,
): Promise<RatchetEncryptOutcome> {
  const { provider, profile } = context;
  const ready = state.sending === undefined ? await stepSendingChain(provider, profile, state) : state;
  const { sending, ownRatchet } = ready ?? {};
  if (ready === undefined || sending === undefined || ownRatchet === undefined) return UNUSABLE;
  if (sending.nextCounter > E2EE_LIMITS.counterMax) return UNUSABLE;

  const step = profile.chains.nextChain(provider, sending.chainKey);
  const message = profile.messages.seal(
    provider,
    step.messageKey,
    context.sessionTag,
    {
      ratchetKey: ownRatchet.publicKey,
      counter: sending.nextCounter,
      previousCount: ready.previousCount,
      kem: sending.kem,
    },
    context.associatedData,
    plaintext,
  );
  return {
    kind: 'sealed',
    message,
    state: {
      ...ready,
      sending: { ...sending, chainKey: step.chainKey, nextCounter: sending.nextCounter + 1 },
      kemRefresh: { ...ready.kemRefresh, messagesSince: ready.kemRefresh.messagesSince + 1 },
    },
  };
}

const UNUSABLE = { kind: 'refused', reason: 'session_unusable' } as const;

/** The sending half of a ratchet step: a new key pair and a new chain. `undefined` when the peer's keys are unusable. */
async function stepSendingChain(
  provider: CryptoProvider,
  profile: Profile,
  state: RatchetState,
): Promise<RatchetState | undefined> {
  const pair = await provider.x25519.generate();
  const agreed = await provider.x25519.sharedSecret(pair.secretKey, state.peerRatchetKey ?? EMPTY);
  const refresh = await refreshOnSend(provider, profile, state.kemRefresh);
  if (agreed === undefined || refresh === undefined) return undefined;
  const secrets = refresh.sharedSecret === undefined ? [agreed] : [agreed, refresh.sharedSecret];
  const { rootKey, chainKey } = profile.chains.nextRoot(provider, state.rootKey, secrets);
  const sending: SendingChain = { chainKey, nextCounter: 0, kem: refresh.field };
  return {
    ...state,
    rootKey,
    ownRatchet: { publicKey: pair.publicKey, secretKey: new SecretBytes(pair.secretKey) },
    sending,
    kemRefresh: refresh.kemRefresh,
  };
}
