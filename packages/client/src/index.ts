export { Api } from './api/api.ts';
export { ApiError, SignedOutError } from './api/api-error.ts';
export type { CallInput, CallOptions } from './api/call-route.ts';
export { MemoryTokenStorage, type StoredSession, type TokenStorage } from './api/token-storage.ts';
export { type Client, createClient } from './client.ts';
export type { ClientOptions } from './client-options.ts';
export type { ConnectionStatus, StoppedReason, WaitingReason } from './connection/status.ts';
export { type ClientEnvironment, defaultEnvironment, type Socket, type SocketListener } from './environment.ts';
export {
  ENGLISH,
  type Explanation,
  type ExplanationId,
  explainConnection,
  explainRow,
  inEnglish,
} from './explain.ts';
export { OutboxFullError } from './outbox/outbox.ts';
export type { OutboxRow, OutboxRowState, OutboxWrite } from './outbox/outbox-row.ts';
export { MemoryOutboxStorage, type OutboxStorage } from './outbox/outbox-storage.ts';
export { MemoryStateStorage, type StateChanges, type StateStorage, type StoredState } from './storage/state-storage.ts';
export { reduce } from './store/reduce.ts';
export {
  archivedList,
  conversationList,
  type Tick,
  type TimelineView,
  tickOf,
  timeline,
  typingIn,
  unreadOf,
  unreadTotal,
} from './store/selectors.ts';
export { type ClientState, emptyState, type HeldConversation, type ReadMark } from './store/state.ts';
export type { Store } from './store/store.ts';
export type { StoreEvent } from './store/store-event.ts';
export type { Range, Timeline, TimelineItem } from './store/timeline.ts';
export type { MailboxHandler } from './stream/mailbox-stream.ts';
export type { TabLink, TabMessage } from './tabs/tab-link.ts';
