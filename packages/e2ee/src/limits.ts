/** Bounds of this package with their sources. "Signal" means the constants of its published client library. */
export const E2EE_LIMITS = {
  /** Message keys kept for messages that have not come yet, per receiving chain; the oldest goes first. Signal: 2,000. */
  skippedKeysMax: 2_000,
  /** Steps that one message may move a receiving chain. Signal: 25,000. */
  forwardJumpMax: 25_000,
  /** Receiving chains of a session. Signal: 5. */
  receivingChainsMax: 5,
  /** Replaced sessions kept for late messages, per peer device. Signal: 40. */
  archivedSessionsMax: 40,
  /** Age at which a session that the peer never answered is given up and a new handshake is due. Signal: 30 days. */
  unansweredSessionAgeMsMax: 30 * 24 * 3_600_000,
  /** Largest counter in a header; a chain lives for fewer messages than this between two ratchet steps. */
  counterMax: 0x7fff_ffff,
  /** Plaintext of one message; above it, use media. Larger than the 30,000 bytes that fit the wire's sealed field. */
  plaintextBytesMax: 65_536,
  /** One payload of any kind that a parser looks at. */
  payloadBytesMax: 70_000,
  /** One-time pre-keys made at once; the wire takes 200. */
  oneTimePreKeysMax: 200,
  /** One upload: each pair takes 1.75 kB as text and a request has at most 64 KiB. */
  oneTimePreKeysPerUpload: 30,
  /** Secrets of one-time pre-keys kept on the device, used or not yet used. */
  oneTimePreKeysKept: 1_000,
  /** Stock of one-time pre-keys that a device aims at (R8). */
  oneTimePreKeysTarget: 100,
  /** Age at which the signed pre-key and the last-resort key are replaced (R8). */
  signedPreKeyAgeMsMax: 7 * 24 * 3_600_000,
  /** How long a replaced signed pre-key and last-resort key still answer late initial messages (R8). */
  replacedPreKeyAgeMsMax: 30 * 24 * 3_600_000,
  /** Replaced signed pre-keys kept: 30 days of weekly keys and room for early rotations. */
  replacedPreKeysMax: 16,
  /** Largest id of a pre-key. */
  preKeyIdMax: 0xff_ffff,
  /** Initial messages remembered per peer device so that a replay is refused; further ones are refused until old ones expire. */
  handshakesRememberedMax: 200,
  /** Remembered as long as the pre-keys they used can exist: 7 days in use, 30 days after, and a margin for clocks. */
  handshakeMemoryMs: 40 * 24 * 3_600_000,
  /** Times that one message is encrypted anew for one device that could not read it (R7). */
  resendsMax: 5,
  /** Least time between two fresh sessions that failed decrypts make with one device; a flood of bad messages must not drain pre-keys. */
  healingIntervalMs: 10 * 60_000,
  /** Messages between two refreshes of the session by ML-KEM, where the profile has them (Apple PQ3 does about as many). */
  kemRefreshMessages: 50,
  /** Devices of one account in a device list. */
  devicesMax: 32,
  /** Devices that one step encrypts for: 1,024 members with some devices each are reached in several steps. */
  recipientsPerStepMax: 1_000,
  /** Devices that one message is kept for until it is settled: a group of the largest size, four devices each, and itself. */
  deliveriesMax: 4_097,
  /** Attempts of one operation when another writer changes the state between read and commit. */
  commitAttemptsMax: 5,
  /** Devices of a group that a sender key is shared with: 1,024 members, four devices each. */
  groupDevicesMax: 4_096,
  /** Members of a group (architecture: up to 1,024). */
  groupMembersMax: 1_024,
  /** Messages of one sender key before it is replaced (G2). */
  senderKeyMessagesMax: 100,
  /** Age of one sender key before it is replaced (G2). */
  senderKeyAgeMsMax: 7 * 24 * 3_600_000,
  /** Sender keys kept per sender device: the current one and older ones for late messages. */
  senderKeysPerDeviceMax: 5,
  /** Plaintext bytes of a media chunk (M1). */
  mediaChunkBytes: 65_536,
  /** Chunks of one file: 64 GiB, far from the 32-bit chunk counter's end. */
  mediaChunksMax: 1 << 20,
  /** UTF-8 bytes of a message id. */
  messageIdBytesMax: 200,
  /** UTF-8 bytes of an item id: the id of a resend request is made of one and must stay within a message id. */
  itemIdBytesMax: 180,
  /** UTF-8 bytes of an id of a user, device or conversation in a binary form. */
  idBytesMax: 64,
} as const;
