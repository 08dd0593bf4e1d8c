import {
  type ContentInput,
  directIdOf,
  makeDeviceId,
  makeGroupId,
  makeUserId,
  type ROUTES,
  type RouteInput,
  type RouteName,
} from '@parley/protocol';

type Bodies = { readonly [N in RouteName]: RouteInput<(typeof ROUTES)[N]>['body'] };
/** A body that the schema accepts, for each route that has one: what hostile input is made from by changing one thing. */
type Samples = { readonly [N in RouteName as Bodies[N] extends undefined ? never : N]: Bodies[N] };

const userId = makeUserId(11n);
const otherId = makeUserId(12n);
const client_msg_id = '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a11';
const content: ContentInput = { text: 'hello', reply_to: 1, mentions: [userId] };
const key = { key_id: 1, key: 'AAAA' };

export const SAMPLE_BODIES: Samples = {
  register: {
    name: 'Ada',
    username: 'ada',
    email: 'ada@chat.example',
    phone: '+4915112345678',
    password: 'correct horse',
    device_name: 'phone',
  },
  login: { identifier: 'ada', password: 'correct horse', device_name: 'phone' },
  requestCode: { phone: '+4915112345678' },
  refresh: { refresh_token: 'token' },
  updateServer: { name: 'Harbour', registration: 'invitation' },
  createInvitation: { uses_max: 10, expires_in_ms: 86_400_000 },
  changePassword: { current_password: 'correct horse', new_password: 'battery staple' },
  updateMe: { name: 'Ada', username: 'ada', status: 'here', avatar_url: '/picture' },
  updatePrivacy: { last_seen: 'nobody', read_receipts: false },
  deleteMe: { password: 'correct horse' },
  queryPresence: { user_ids: [userId] },
  createConversation: {
    kind: 'channel',
    name: 'News',
    description: 'All of it',
    visibility: 'public',
    member_ids: [userId],
  },
  updateConversation: { name: 'News', description: 'All of it', avatar_url: '/picture', visibility: 'public' },
  updateSettings: { archived: true, pinned: true, muted_until: 1, notifications: 'all' },
  addMembers: { user_ids: [userId] },
  changeRole: { role: 'admin' },
  sendMessage: { client_msg_id, content },
  forwardMessage: { client_msg_id, source: { conversation_id: makeGroupId(21n), seq: 1 } },
  editMessage: { client_msg_id, content },
  deleteMessage: { client_msg_id, scope: 'everyone' },
  react: { client_msg_id, emoji: '👍', action: 'added' },
  moveCursors: { delivered_up_to: 1, read_up_to: 1 },
  putKeys: {
    identity_key: 'AAAA',
    signed_pre_key: { ...key, signature: 'AAAA' },
    last_resort_key: { ...key, signature: 'AAAA' },
    one_time_keys: [key],
  },
  sendToDevices: { client_msg_id, items: [{ user_id: userId, device_id: makeDeviceId(31n), payload: 'AAAA' }] },
  acknowledgeMailbox: { up_to: 1 },
  changeUserRole: { role: 'administrator' },
  sendFrames: { frames: [{ type: 'ping', id: 1 }] },
};

/** Well-formed values of every parameter in a path; they name nothing that exists. */
export const SAMPLE_PARAMS = {
  conversation_id: directIdOf(userId, otherId),
  user_id: userId,
  device_id: makeDeviceId(31n),
  seq: 1,
} as const;
