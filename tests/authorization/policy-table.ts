import type { CommandType, ErrorCode, RouteName } from '@parley/protocol';

/**
 * Who may do what: the one place to review. Columns are the people, as seen from one conversation:
 *
 *   stranger      has an account, shares nothing          admin         admin of the conversation
 *   removed       was a member and was removed            owner         owner of the conversation, wrote its message
 *   member        plain member                            server admin  administrator of the server, no member
 *
 * The request is the same for all columns. `done` is any success; `silent` is a command that never has a reply. The six identities that
 * are not let in (anonymous, expired token, refresh token or ticket as access token, deleted account, revoked device) are the same
 * in every row and stand below.
 */
export type Outcome = 'done' | 'silent' | ErrorCode;
export type Row = readonly [
  stranger: Outcome,
  removed: Outcome,
  member: Outcome,
  admin: Outcome,
  owner: Outcome,
  serverAdmin: Outcome,
];
export const ROLES = ['stranger', 'removed', 'member', 'admin', 'owner', 'serverAdmin'] as const;
export type RoleName = (typeof ROLES)[number];

const everybody = (outcome: Outcome): Row => [outcome, outcome, outcome, outcome, outcome, outcome];

/** Members do it; to everybody else the thing does not exist (SEND-6). */
const MEMBERS: Row = ['NOT_FOUND', 'NOT_FOUND', 'done', 'done', 'done', 'NOT_FOUND'];
/** Owner and admins do it (MEMB-1). */
const LEADERS: Row = ['NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'done', 'done', 'NOT_FOUND'];
/** Only who wrote the message does it (EDIT-1). */
const AUTHOR: Row = ['NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'done', 'NOT_FOUND'];
/** Only who wrote the message learns of it (RCPT-5). */
const SENDER: Row = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'done', 'NOT_FOUND'];
/** The last owner may not go while others remain (MEMB-2). */
const ALL_BUT_LAST_OWNER: Row = ['NOT_FOUND', 'NOT_FOUND', 'done', 'done', 'LAST_OWNER', 'NOT_FOUND'];
/** The long-poll session of the owner's device. */
const SESSION: Row = ['BAD_CURSOR', 'BAD_CURSOR', 'BAD_CURSOR', 'BAD_CURSOR', 'done', 'BAD_CURSOR'];
const SERVER_ADMIN: Row = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'done'];

/** Rows of HTTP. A row may differ between a group and a (public) channel; both are asked everything that names a conversation. */
export const ROUTE_POLICY: { readonly [N in RouteName]: Row | { readonly group: Row; readonly channel: Row } } = {
  register: everybody('done'),
  // With the name of nobody: that everybody is told the same is the point.
  login: everybody('WRONG_CREDENTIALS'),
  requestCode: everybody('done'),
  refresh: everybody('TOKEN_INVALID'),
  logout: everybody('done'),
  createTicket: everybody('done'),
  listDevices: everybody('done'),
  // The device is another person's.
  revokeDevice: everybody('NOT_FOUND'),
  changePassword: everybody('done'),
  getMe: everybody('done'),
  updateMe: everybody('done'),
  updatePrivacy: everybody('done'),
  deleteMe: ['done', 'done', 'done', 'done', 'LAST_OWNER', 'LAST_ADMIN'],
  exportMe: everybody('done'),
  getSnapshot: everybody('done'),
  searchUsers: everybody('done'),
  getUser: everybody('done'),
  queryPresence: everybody('done'),
  listConversations: everybody('done'),
  createConversation: everybody('done'),
  getConversation: MEMBERS,
  updateConversation: LEADERS,
  updateSettings: MEMBERS,
  leaveConversation: ALL_BUT_LAST_OWNER,
  joinChannel: { group: MEMBERS, channel: everybody('done') },
  searchChannels: everybody('done'),
  listMembers: MEMBERS,
  addMembers: LEADERS,
  // A plain member is made an admin.
  changeRole: LEADERS,
  removeMember: LEADERS,
  listMessages: MEMBERS,
  listEntries: MEMBERS,
  sendMessage: { group: MEMBERS, channel: LEADERS },
  // Out of the conversation, into a group of one's own.
  forwardMessage: MEMBERS,
  editMessage: AUTHOR,
  deleteMessage: LEADERS,
  react: { group: MEMBERS, channel: LEADERS },
  getReceipts: SENDER,
  moveCursors: MEMBERS,
  putKeys: everybody('done'),
  countKeys: everybody('done'),
  // Of the owner: whoever shares the conversation.
  takeKeys: MEMBERS,
  sendToDevices: MEMBERS,
  readMailbox: everybody('done'),
  acknowledgeMailbox: everybody('done'),
  getServer: everybody('done'),
  getStats: SERVER_ADMIN,
  updateServer: SERVER_ADMIN,
  createInvitation: SERVER_ADMIN,
  listInvitations: SERVER_ADMIN,
  withdrawInvitation: SERVER_ADMIN,
  listUsers: SERVER_ADMIN,
  // Of a bystander.
  changeUserRole: SERVER_ADMIN,
  openEvents: everybody('done'),
  pollEvents: SESSION,
  sendFrames: SESSION,
  closeEvents: SESSION,
};

/** Rows of the frames, for both of their doors: WebSocket and long polling. */
export const COMMAND_POLICY: { readonly [T in CommandType]: Row | { readonly group: Row; readonly channel: Row } } = {
  authenticate: everybody('done'),
  sync: everybody('done'),
  send_message: { group: MEMBERS, channel: LEADERS },
  edit_message: AUTHOR,
  delete_message: LEADERS,
  react: { group: MEMBERS, channel: LEADERS },
  delivery_receipt: everybody('silent'),
  read_receipt: everybody('silent'),
  typing_start: everybody('silent'),
  typing_stop: everybody('silent'),
  presence_watch: everybody('done'),
  // A group is live without asking; that only channels are subscribed is said without looking.
  subscribe: { group: everybody('INVALID_REQUEST'), channel: MEMBERS },
  unsubscribe: everybody('done'),
  fetch_entries: MEMBERS,
  mailbox_send: MEMBERS,
  mailbox_ack: everybody('silent'),
  ping: everybody('done'),
};

/** What is not let in, and what it is told on every route that is not for anybody. */
export const IDENTITIES = {
  anonymous: 'NOT_AUTHENTICATED',
  expiredToken: 'TOKEN_EXPIRED',
  refreshAsAccess: 'TOKEN_INVALID',
  ticketAsAccess: 'TOKEN_INVALID',
  deletedAccount: 'TOKEN_INVALID',
  revokedDevice: 'TOKEN_INVALID',
} as const satisfies Record<string, ErrorCode>;
export type IdentityName = keyof typeof IDENTITIES;
