/** Bounds that are part of the contract: the server announces them in `hello` and in `GET /api/v1/server`, schemas enforce them. */
export const LIMITS = {
  /** One frame or request body, either direction. */
  frameBytesMax: 65_536,
  /** UTF-16 units of a message text. */
  textLengthMax: 16_000,
  /** Base64url characters of an end-to-end encrypted payload. */
  sealedLengthMax: 40_000,
  mentionsMax: 50,
  emojiLengthMax: 32,
  nameLengthMax: 100,
  descriptionLengthMax: 1_000,
  statusLengthMax: 200,
  urlLengthMax: 2_048,
  usernameLengthMin: 3,
  usernameLengthMax: 32,
  passwordLengthMin: 8,
  passwordLengthMax: 256,
  queryLengthMax: 100,
  cursorLengthMax: 200,
  /** Positions in one `sync`; a device that holds more sends several with `more: true`. */
  syncPositionsMax: 1_000,
  /** Log entries that `sync` replays for one conversation before it reports a gap to be paged instead. */
  replayEntriesMax: 500,
  /** Cursors in one `receipts`. */
  cursorsPerFrameMax: 500,
  presenceUsersMax: 100,
  membersPerRequestMax: 100,
  /** Different emoji on one message. */
  reactionsPerMessageMax: 50,
  listLimitDefault: 20,
  listLimitMax: 100,
  historyLimitDefault: 50,
  historyLimitMax: 100,
  mailboxPayloadLengthMax: 24_000,
  mailboxItemsPerRequestMax: 100,
  oneTimeKeysMax: 200,
  keyLengthMax: 4_096,
  /** Invitations that stand at one time. */
  invitationsMax: 500,
  invitationUsesMax: 1_000,
  invitationLifeMsMax: 31_536_000_000,
  invitationCodeLengthMax: 64,
} as const;
