import { randomUUID } from 'node:crypto';
import type { CommandType, RouteName } from '@parley/protocol';
import { PASSWORD, type Person } from './people.ts';
import type { Scene } from './scene.ts';

/** Parts of a request; parameters of the path are filled in by name. */
export interface Request {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly body?: object;
}

/** `actor`: who asks, `null` for whoever is nobody here; the request is the same but for what must be the actor's own. */
type Build = (scene: Scene, actor: Person | null) => Request | Promise<Request>;

const digits = (): string => String(Math.trunc(Math.random() * 1e9)).padStart(9, '0');
const key = () => ({ client_msg_id: randomUUID() });
const nothing: Build = () => ({});
const inScene: Build = ({ conversationId }) => ({ params: { conversation_id: conversationId } });
const ofBystander = ({ conversationId, cast }: Scene) => ({
  conversation_id: conversationId,
  user_id: cast.bystander.userId,
});
const ofMessage = ({ conversationId, messageSeq }: Scene) => ({ conversation_id: conversationId, seq: messageSeq });

async function ownGroup(actor: Person | null, scene: Scene): Promise<string> {
  if (actor === null) return scene.conversationId;
  const body = { kind: 'group', name: 'Own', member_ids: [] };
  return String((await actor.prepare('POST', '/conversations', body)).conversation_id);
}

/** A session of the owner's, with something to fetch. */
async function ownersSession({ cast }: Scene): Promise<string> {
  const { cursor } = await cast.owner.prepare('POST', '/events');
  const frames = [{ type: 'ping', id: 1 }];
  await cast.owner.prepare('POST', `/events/commands?cursor=${String(cursor)}`, { frames });
  return `cursor=${String(cursor)}`;
}

export const ROUTE_REQUESTS: { readonly [N in RouteName]: Build } = {
  register: () => ({ body: { name: 'New', phone: `+491${digits()}`, password: PASSWORD, device_name: 'x' } }),
  login: () => ({ body: { identifier: randomUUID(), password: PASSWORD, device_name: 'x' } }),
  requestCode: () => ({ body: { phone: `+492${digits()}` } }),
  refresh: () => ({ body: { refresh_token: randomUUID() } }),
  logout: nothing,
  createTicket: nothing,
  listDevices: nothing,
  revokeDevice: ({ cast }) => ({ params: { device_id: cast.bystander.deviceId } }),
  changePassword: () => ({ body: { current_password: PASSWORD, new_password: PASSWORD } }),
  getMe: nothing,
  updateMe: () => ({ body: { status: randomUUID() } }),
  updatePrivacy: () => ({ body: { read_receipts: true } }),
  deleteMe: () => ({ body: { password: PASSWORD } }),
  exportMe: nothing,
  getSnapshot: nothing,
  searchUsers: () => ({ query: 'query=owner' }),
  getUser: ({ cast }) => ({ params: { user_id: cast.owner.userId } }),
  queryPresence: ({ cast }) => ({ body: { user_ids: [cast.owner.userId] } }),
  listConversations: nothing,
  createConversation: () => ({ body: { kind: 'group', name: 'Own', member_ids: [] } }),
  getConversation: inScene,
  updateConversation: (scene) => ({ ...inSceneOf(scene), body: { description: randomUUID() } }),
  updateSettings: (scene) => ({ ...inSceneOf(scene), body: { pinned: true } }),
  leaveConversation: inScene,
  joinChannel: inScene,
  searchChannels: () => ({ query: 'query=Nothing%20begins%20so' }),
  listMembers: inScene,
  addMembers: (scene) => ({ ...inSceneOf(scene), body: { user_ids: [scene.cast.newcomer.userId] } }),
  changeRole: (scene) => ({ params: ofBystander(scene), body: { role: 'admin' } }),
  removeMember: (scene) => ({ params: ofBystander(scene) }),
  listMessages: inScene,
  listEntries: (scene) => ({ ...inSceneOf(scene), query: 'after_seq=0' }),
  sendMessage: (scene) => ({ ...inSceneOf(scene), body: { ...key(), content: { text: 'Hi' } } }),
  forwardMessage: async (scene, actor) => ({
    params: { conversation_id: await ownGroup(actor, scene) },
    body: { ...key(), source: ofMessage(scene) },
  }),
  editMessage: (scene) => ({ params: ofMessage(scene), body: { ...key(), content: { text: 'Changed' } } }),
  deleteMessage: (scene) => ({ params: ofMessage(scene), body: { ...key(), scope: 'everyone' } }),
  react: (scene) => ({ params: ofMessage(scene), body: { ...key(), emoji: '👍', action: 'added' } }),
  getReceipts: (scene) => ({ params: ofMessage(scene) }),
  moveCursors: (scene) => ({ ...inSceneOf(scene), body: { read_up_to: scene.messageSeq } }),
  putKeys: () => ({ body: { identity_key: 'aQ', signed_pre_key: { key_id: 1, key: 'aQ', signature: 'aQ' } } }),
  countKeys: nothing,
  takeKeys: ({ cast }) => ({ params: { user_id: cast.owner.userId } }),
  sendToDevices: ({ cast }) => ({ body: { ...key(), items: [itemFor(cast.owner)] } }),
  readMailbox: nothing,
  acknowledgeMailbox: () => ({ body: { up_to: 1_000 } }),
  getServer: nothing,
  getStats: nothing,
  updateServer: () => ({ body: { name: 'Parley' } }),
  createInvitation: () => ({ body: { uses_max: 1 } }),
  listInvitations: nothing,
  withdrawInvitation: async ({ cast }) => {
    const made = await cast.serverAdmin.prepare('POST', '/admin/invitations', { uses_max: 1 });
    return { params: { invitation_id: String(made.invitation_id) } };
  },
  listUsers: nothing,
  changeUserRole: ({ cast }) => ({ params: { user_id: cast.bystander.userId }, body: { role: 'user' } }),
  openEvents: nothing,
  pollEvents: async (scene) => ({ query: await ownersSession(scene) }),
  sendFrames: async (scene) => ({ query: await ownersSession(scene), body: { frames: [{ type: 'ping', id: 2 }] } }),
  closeEvents: async (scene) => ({ query: await ownersSession(scene) }),
};

const inSceneOf = ({ conversationId }: Scene) => ({ params: { conversation_id: conversationId } });
const itemFor = ({ userId, deviceId }: Person) => ({ user_id: userId, device_id: deviceId, payload: 'aQ' });

/** Commands without `type` and `id`. */
export const COMMAND_REQUESTS: {
  readonly [T in CommandType]: (scene: Scene, actor: Person | null) => object | Promise<object>;
} = {
  authenticate: (_, actor) => ({ token: actor?.token ?? '' }),
  sync: async (_, actor) => {
    const { epoch = 'x', user_seq = 0 } = (await actor?.prepare('GET', '/snapshot')) ?? {};
    return { epoch, user_seq, positions: [] };
  },
  send_message: (scene) => ({ ...key(), conversation_id: scene.conversationId, content: { text: 'Hi' } }),
  edit_message: (scene) => ({ ...key(), ...target(scene), content: { text: 'Changed' } }),
  delete_message: (scene) => ({ ...key(), ...target(scene), scope: 'everyone' }),
  react: (scene) => ({ ...key(), ...target(scene), emoji: '👍', action: 'added' }),
  delivery_receipt: upToMessage,
  read_receipt: upToMessage,
  typing_start: ({ conversationId }) => ({ conversation_id: conversationId }),
  typing_stop: ({ conversationId }) => ({ conversation_id: conversationId }),
  presence_watch: ({ cast }) => ({ user_ids: [cast.owner.userId] }),
  subscribe: ({ conversationId }) => ({ conversation_id: conversationId, after_seq: 0 }),
  unsubscribe: ({ conversationId }) => ({ conversation_id: conversationId }),
  fetch_entries: ({ conversationId }) => ({ conversation_id: conversationId, after_seq: 0, limit: 10 }),
  mailbox_send: ({ cast }) => ({ ...key(), items: [itemFor(cast.owner)] }),
  mailbox_ack: () => ({ up_to: 1_000 }),
  ping: () => ({}),
};

const target = ({ conversationId, messageSeq }: Scene) => ({ conversation_id: conversationId, target_seq: messageSeq });

function upToMessage({ conversationId, messageSeq }: Scene): object {
  return { conversation_id: conversationId, up_to: messageSeq };
}
