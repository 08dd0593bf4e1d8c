export { CLOSE, type CloseName, type CloseRow } from './close-codes.ts';
export { binaryCodec } from './codec/binary-codec.ts';
export type { Codec, Decoded, FieldProblem } from './codec/codec.ts';
export { fieldProblems, readWith } from './codec/field-problems.ts';
export { jsonCodec } from './codec/json-codec.ts';
export {
  COMMAND_SCHEMAS,
  type Command,
  type CommandOf,
  type CommandType,
  command,
} from './commands.ts';
export { type Content, type ContentInput, content, contentInput } from './content.ts';
export { asyncApiDocument } from './documents/async-api.ts';
export { protoText } from './documents/proto-text.ts';
export { ENTRY_SCHEMAS, type EntryBody, type EntryType, type LogEntry, logEntry, type NewMessage } from './entries.ts';
export { ERROR_CODES, ERRORS, type ErrorCode, type ErrorRow } from './errors.ts';
export type { ReceiptKind, Role } from './fields.ts';
export {
  COMMAND_NUMBERS,
  PROTOCOL_VERSION,
  SERVER_FRAME_NUMBERS,
  SERVER_FRAME_SCHEMAS,
  type ServerFrame,
  SUBPROTOCOLS,
  type SubprotocolName,
  serverFrame,
} from './frames.ts';
export {
  type ChannelId,
  type ConversationId,
  type ConversationKind,
  conversationKindOf,
  type DeviceId,
  type DirectId,
  directIdOf,
  type GroupId,
  idNumber,
  isDirectId,
  type MessageId,
  makeChannelId,
  makeDeviceId,
  makeGroupId,
  makeMessageId,
  makeUserId,
  parseConversationId,
  parseDeviceId,
  parseMessageId,
  parseUserId,
  type UserId,
  UUID_PATTERN,
  usersOfDirect,
} from './ids.ts';
export { LIMITS } from './limits.ts';
export type {
  Conversation,
  Device,
  Me,
  Member,
  Message,
  MyMembership,
  MySettings,
  Position,
  Presence,
  Privacy,
  ReactionCount,
  Snapshot,
  User,
} from './resources.ts';
export type { SessionTokens } from './routes/auth.ts';
export type { KeyBundle, KeyBundleUpload } from './routes/keys.ts';
export type { HistoryPage, WriteAnswer } from './routes/messages.ts';
export type { Route, RouteInput, RouteOutput, RouteRequest } from './routes/route.ts';
export { API_PREFIX, ROUTES, type RouteName, WEBSOCKET_PATH } from './routes/routes.ts';
export type { MailboxItem, Notice, NoticeOf, Problem } from './server-frames.ts';
export { USER_EVENT_SCHEMAS, type UserEvent, userEvent } from './user-events.ts';
