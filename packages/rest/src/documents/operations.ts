import type { RouteName } from '@parley/protocol';

/** What the route table does not say: the chapter of each address and the rules of docs/protocol.md that bind it. */
export interface Operation {
  readonly chapter: Chapter;
  readonly rules: readonly string[];
}

export const CHAPTERS = {
  Authentication: 'Accounts, log-in, tokens and devices.',
  Account: 'The own profile, privacy, export and deletion.',
  People: 'Finding people and seeing who is online.',
  Conversations: 'Direct conversations, groups and channels.',
  Members: 'Who is in a conversation, and with which role.',
  Messages: 'Sending, changing, reading. The same writes exist on the socket.',
  Encryption: 'Key bundles and mailboxes of devices. Opaque to the server.',
  'Long polling': 'The fall-back where WebSockets are blocked: the same frames in the same order.',
  Server: 'What this server is, and its administration.',
} as const;
export type Chapter = keyof typeof CHAPTERS;

const of = (chapter: Chapter, ...rules: readonly string[]): Operation => ({ chapter, rules });

export const OPERATIONS: { readonly [N in RouteName]: Operation } = {
  register: of('Authentication', 'AUTH-1', 'AUTH-2'),
  login: of('Authentication', 'AUTH-2', 'AUTH-5', 'AUTH-6'),
  requestCode: of('Authentication', 'AUTH-6'),
  refresh: of('Authentication', 'AUTH-3', 'AUTH-4'),
  logout: of('Authentication', 'AUTH-7', 'CONN-7'),
  createTicket: of('Authentication', 'AUTH-8', 'CONN-2'),
  listDevices: of('Authentication', 'AUTH-2'),
  revokeDevice: of('Authentication', 'AUTH-7', 'CONN-7'),
  changePassword: of('Authentication', 'AUTH-7'),
  getMe: of('Account'),
  updateMe: of('Account'),
  updatePrivacy: of('Account', 'PRES-3', 'RCPT-4'),
  deleteMe: of('Account', 'ACCT-1'),
  exportMe: of('Account', 'ACCT-2'),
  getSnapshot: of('Account', 'SYNC-8'),
  searchUsers: of('People', 'HIST-2'),
  getUser: of('People'),
  queryPresence: of('People', 'PRES-1', 'PRES-3'),
  listConversations: of('Conversations', 'CONV-3', 'HIST-2'),
  createConversation: of('Conversations', 'CONV-1', 'CONV-2', 'HTTP-2'),
  getConversation: of('Conversations', 'SEND-6'),
  updateConversation: of('Conversations', 'CONV-2', 'MEMB-1'),
  updateSettings: of('Conversations', 'CONV-4'),
  searchChannels: of('Conversations', 'HIST-2'),
  leaveConversation: of('Members', 'MEMB-2', 'HIST-5'),
  joinChannel: of('Members', 'MEMB-3', 'HIST-4'),
  listMembers: of('Members', 'HIST-2'),
  addMembers: of('Members', 'MEMB-1', 'MEMB-3', 'CONV-2'),
  changeRole: of('Members', 'MEMB-2', 'MEMB-3'),
  removeMember: of('Members', 'MEMB-1', 'MEMB-2', 'HIST-5'),
  listMessages: of('Messages', 'HIST-1', 'HIST-2', 'HIST-4'),
  listEntries: of('Messages', 'SYNC-10'),
  sendMessage: of('Messages', 'SEND-1', 'SEND-2', 'SEND-3', 'SEND-4', 'SEND-7', 'SEND-8', 'SEND-12', 'HTTP-2'),
  forwardMessage: of('Messages', 'SEND-9', 'SEND-2', 'HTTP-2'),
  editMessage: of('Messages', 'EDIT-1', 'EDIT-2', 'HTTP-2'),
  deleteMessage: of('Messages', 'DEL-1', 'DEL-2', 'HTTP-2'),
  react: of('Messages', 'REACT-1', 'HTTP-2'),
  getReceipts: of('Messages', 'RCPT-5'),
  moveCursors: of('Messages', 'RCPT-1', 'RCPT-3', 'RCPT-4'),
  putKeys: of('Encryption', 'KEYS-1'),
  countKeys: of('Encryption', 'KEYS-1'),
  takeKeys: of('Encryption', 'KEYS-1'),
  sendToDevices: of('Encryption', 'BOX-2', 'HTTP-2'),
  readMailbox: of('Encryption', 'BOX-1'),
  acknowledgeMailbox: of('Encryption', 'BOX-1'),
  openEvents: of('Long polling', 'POLL-1'),
  pollEvents: of('Long polling', 'POLL-2', 'POLL-3'),
  sendFrames: of('Long polling', 'POLL-4'),
  closeEvents: of('Long polling', 'POLL-3'),
  getServer: of('Server', 'CONN-1', 'PLACE-1'),
  getStats: of('Server'),
  updateServer: of('Server', 'PLACE-2'),
  createInvitation: of('Server', 'PLACE-3', 'PLACE-4'),
  listInvitations: of('Server', 'PLACE-4'),
  withdrawInvitation: of('Server', 'PLACE-4'),
  listUsers: of('Server', 'HIST-2'),
  changeUserRole: of('Server', 'PLACE-5'),
};
