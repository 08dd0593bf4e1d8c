export { authenticateToken, readToken } from './accounts/authenticate-token.ts';
export { changePassword } from './accounts/change-password.ts';
export { createTicket } from './accounts/create-ticket.ts';
export { deleteMe } from './accounts/delete-me.ts';
export { exportMe } from './accounts/export-me.ts';
export { finishErasing } from './accounts/finish-erasing.ts';
export { getMe } from './accounts/get-me.ts';
export { getUser } from './accounts/get-user.ts';
export { listDevices } from './accounts/list-devices.ts';
export { login } from './accounts/login.ts';
export { logout } from './accounts/logout.ts';
export { redeemTicket } from './accounts/redeem-ticket.ts';
export { refresh } from './accounts/refresh.ts';
export { register } from './accounts/register.ts';
export { requestCode } from './accounts/request-code.ts';
export { revokeDevice } from './accounts/revoke-device.ts';
export { searchUsers } from './accounts/search-users.ts';
export { updateMe } from './accounts/update-me.ts';
export { updatePrivacy } from './accounts/update-privacy.ts';
export type { Actor } from './actor.ts';
export { changeUserRole } from './admin/change-user-role.ts';
export { getStats } from './admin/get-stats.ts';
export { listUsers } from './admin/list-users.ts';
export { createConversation } from './conversations/create-conversation.ts';
export { getConversation } from './conversations/get-conversation.ts';
export { listConversations } from './conversations/list-conversations.ts';
export { searchChannels } from './conversations/search-channels.ts';
export { updateConversation } from './conversations/update-conversation.ts';
export { updateSettings } from './conversations/update-settings.ts';
export type { Core } from './core.ts';
export { entrySeenFrom } from './delivery/entry-seen-from.ts';
export { ReceiptMerger } from './delivery/receipt-merger.ts';
export type { TopicSubscriber } from './delivery/subscription.ts';
export { type AttachOutcome, TopicStream, type TopicStreamOptions } from './delivery/topic-stream.ts';
export { createIds, type Ids, NODE_NUMBER_MAX } from './ids/snowflake.ts';
export { acknowledgeMailbox } from './keys/acknowledge-mailbox.ts';
export { countKeys } from './keys/count-keys.ts';
export { putKeys } from './keys/put-keys.ts';
export { mailboxItemOf, readMailbox } from './keys/read-mailbox.ts';
export { sendToDevices } from './keys/send-to-devices.ts';
export { takeKeys } from './keys/take-keys.ts';
export { addMembers } from './memberships/add-members.ts';
export { changeRole } from './memberships/change-role.ts';
export { joinChannel } from './memberships/join-channel.ts';
export { leaveConversation } from './memberships/leave-conversation.ts';
export { listMembers } from './memberships/list-members.ts';
export { removeMember } from './memberships/remove-member.ts';
export { deleteMessage } from './messages/delete-message.ts';
export { editMessage } from './messages/edit-message.ts';
export { forwardMessage } from './messages/forward-message.ts';
export { listEntries } from './messages/list-entries.ts';
export { listMessages } from './messages/list-messages.ts';
export { react } from './messages/react.ts';
export { sendMessage } from './messages/send-message.ts';
export { type Done, done, type Outcome, type Refused, refused } from './outcome.ts';
export { createInvitation, listInvitations, withdrawInvitation } from './place/invitations.ts';
export { hasOwner, readPlace } from './place/read-place.ts';
export { updatePlace } from './place/update-place.ts';
export type { Account, AccountStore } from './ports/account-store.ts';
export type { Broker, BrokerEvent, Topic } from './ports/broker.ts';
export type {
  ConversationRecord,
  ConversationStore,
  ConversationView,
  CreateConversation,
  ListPlace,
} from './ports/conversation-store.ts';
export type { DeviceRecord, DeviceStore, RefreshToken } from './ports/device-store.ts';
export type { Clock, Digest, Log, LogFields, Random } from './ports/environment.ts';
export type { KeyBundleStore } from './ports/key-bundle-store.ts';
export type { Mailbox, MailboxPut, MailboxRecord } from './ports/mailbox.ts';
export type {
  ChangeOutcome,
  CursorMove,
  CursorRequest,
  Membership,
  MembershipStore,
} from './ports/membership-store.ts';
export type {
  Append,
  AppendOutcome,
  Author,
  Head,
  HeadsOptions,
  HistoryQuery,
  HistorySlice,
  LogRange,
  MessageLog,
} from './ports/message-log.ts';
export type { OneTimeSecrets } from './ports/one-time-secrets.ts';
export type { Invitation, PlaceDecisions, PlaceStore } from './ports/place-store.ts';
export type { Ports, Stores } from './ports/ports.ts';
export type { PresenceStore } from './ports/presence-store.ts';
export type {
  AccessClaims,
  CodeSender,
  PasswordHasher,
  RateLimit,
  RateLimiter,
  RateVerdict,
  TokenSigner,
} from './ports/security.ts';
export { StoreError } from './ports/store-error.ts';
export type { UserFact, UserLog, UserLogEntry, UserLogRange } from './ports/user-log.ts';
export { connectionClosed } from './presence/connection-closed.ts';
export { connectionOpened } from './presence/connection-opened.ts';
export { queryPresence } from './presence/query-presence.ts';
export { typing } from './presence/typing.ts';
export { watchable } from './presence/watchable.ts';
export { getReceipts } from './receipts/get-receipts.ts';
export { moveCursors } from './receipts/move-cursors.ts';
export type { AnswerOf, RequestOf } from './route-call.ts';
export { defaultSettings, type Settings } from './settings.ts';
export { checkPosition, type PositionCheck, type ResyncReason } from './sync/check-position.ts';
export { completeUserEntry } from './sync/complete-user-entry.ts';
export { getSnapshot } from './sync/get-snapshot.ts';
export { publishUserEntries } from './sync/publish-user-entries.ts';
export { readUserEvents } from './sync/read-user-events.ts';
export { takeConnection } from './write-quota.ts';
