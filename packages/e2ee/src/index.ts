export { hexOf } from './bytes/bytes.ts';
export { SecretBytes } from './bytes/secret-bytes.ts';
export {
  type AesGcmPrimitives,
  type CryptoProvider,
  type Ed25519Primitives,
  type Encapsulation,
  type HashPrimitives,
  KEY_BYTES,
  type MlKem768Primitives,
  type RunningHash,
  type X25519Primitives,
} from './crypto/crypto-provider.ts';
export { nobleProvider } from './crypto/noble-provider.ts';
export { openWebCryptoProvider } from './crypto/webcrypto-provider.ts';
export type { ReceivedContent } from './device/content.ts';
export { type DeviceContext, StateContentionError } from './device/device-context.ts';
export { EncryptedDevice, RolledBackStateError } from './device/encrypted-device.ts';
export type {
  GroupReceiveOutcome,
  GroupReceiveRequest,
  GroupSendOutcome,
  GroupSendRequest,
} from './device/group-messages.ts';
export {
  type HealOutcome,
  type ResendOrder,
  type ResendOutcome,
  type ResendRequestDraft,
  resendRequestId,
} from './device/heal.ts';
export type { OneTimeUpload, PreKeyUpload, PublishRequest } from './device/publish-pre-keys.ts';
export type { ReceiveOutcome, ReceiveRequest } from './device/receive-payload.ts';
export type { Recipient, SealRefusal } from './device/seal-for-device.ts';
export type { DevicePayload, SendOutcome, SendRequest } from './device/send-content.ts';
export type { ShareOutcome, ShareRequest } from './device/share-sender-key.ts';
export { readMembershipEntry, writeMembershipEntry } from './groups/membership-entry-codec.ts';
export {
  applyMembershipEntry,
  type FindSigningKey,
  type GroupRole,
  type MembershipChange,
  type MembershipEntry,
  type MembershipOutcome,
  type MembershipRefusal,
  type MembershipState,
  signMembershipEntry,
} from './groups/membership-log.ts';
export { keyBundleUploadOf, preKeyBundleOf } from './handshake/bundle-wire.ts';
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
export {
  type DeviceList,
  type DeviceListOutcome,
  deviceListHash,
  judgeDeviceList,
  type ListedDevice,
  listedIdentity,
  readSignedDeviceList,
  type SignedDeviceList,
  signDeviceList,
  writeSignedDeviceList,
} from './identity/device-list.ts';
export {
  compareQrPayload,
  type QrComparison,
  type SafetyNumberParty,
  safetyNumber,
  safetyNumberQrPayload,
} from './identity/safety-number.ts';
export { E2EE_LIMITS } from './limits.ts';
export { type Commitment, commitTo, isCommittedText } from './media/commitment.ts';
export { readMediaDescriptor, writeMediaDescriptor } from './media/media-descriptor-codec.ts';
export { chunkCountOf, type MediaDescriptor, SEALED_CHUNK_BYTES, sealedBytesOf } from './media/media-keys.ts';
export { MediaDamagedError, openMedia, openMediaChunk } from './media/open-media.ts';
export { MediaTooLargeError, sealMedia } from './media/seal-media.ts';
export { type PayloadKind, payloadKindOf } from './profile/payload-kind.ts';
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
export { MemorySessionStore } from './store/memory-session-store.ts';
export type { RecordChange, RecordKind, RecordName, SessionStore, StoredRecord } from './store/session-store.ts';
export { DamagedStateError, StateVault } from './store/state-vault.ts';
