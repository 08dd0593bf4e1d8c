export { SecretBytes } from './bytes/secret-bytes.ts';
export type { CryptoProvider } from './crypto/crypto-provider.ts';
export { nobleProvider } from './crypto/noble-provider.ts';
export { openWebCryptoProvider } from './crypto/webcrypto-provider.ts';
export { type InitiateOutcome, initiateSession } from './handshake/initiate.ts';
export { type BundleRefusal, type PreKeyBundle, refusalOfBundle, type SignedKey } from './handshake/pre-key-bundle.ts';
export type { PreKeySecrets } from './handshake/respond.ts';
export type { DeviceAddress } from './identity/device-address.ts';
export {
  type DeviceIdentity,
  generateIdentitySecrets,
  type IdentitySecrets,
  openIdentity,
  type PublicIdentity,
} from './identity/device-identity.ts';
export { E2EE_LIMITS } from './limits.ts';
export { classicProfile, productProfile, refreshingProfile } from './profile/product-profile.ts';
export type { Profile } from './profile/profile.ts';
export { type OpenOutcome, type OpenRefusal, openPayload } from './session/open-payload.ts';
export { type SealOutcome, type SessionEnds, sealInSession } from './session/seal-in-session.ts';
export {
  EMPTY_RECORD as EMPTY_SESSION_RECORD,
  type SessionRecord,
  sessionToSendWith,
  withNewSession,
  withSentSession,
} from './session/session-record.ts';
export { readSessionRecord, writeSessionRecord } from './session/session-record-codec.ts';
