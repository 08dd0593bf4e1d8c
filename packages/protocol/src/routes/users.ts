import { z } from 'zod';
import { humanText, userId } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { displayName, me, presence, privacy, snapshot, user } from '../resources.ts';
import { givenPassword, username } from './auth.ts';
import { pageOf, pageQuery } from './paging.ts';
import { route } from './route.ts';

const avatarUrl = z
  .string()
  .max(LIMITS.urlLengthMax)
  .regex(/^(https:\/\/|\/)/, 'must be an https address or a path of this server');

export const userRoutes = {
  getMe: route({
    method: 'GET',
    path: '/me',
    auth: 'user',
    summary: 'The own account',
    status: 200,
    response: me,
    errors: [],
  }),
  updateMe: route({
    method: 'PATCH',
    path: '/me',
    auth: 'user',
    summary: 'Change the own profile',
    body: z.object({
      name: displayName.optional(),
      username: username.optional(),
      status: humanText(0, LIMITS.statusLengthMax).nullable().optional(),
      avatar_url: avatarUrl.nullable().optional(),
    }),
    status: 200,
    response: me,
    errors: ['IDENTIFIER_TAKEN'],
  }),
  updatePrivacy: route({
    method: 'PATCH',
    path: '/me/privacy',
    auth: 'user',
    summary: 'Choose who sees last seen and read receipts',
    body: privacy.partial(),
    status: 200,
    response: me,
    errors: [],
  }),
  deleteMe: route({
    method: 'DELETE',
    path: '/me',
    auth: 'user',
    summary:
      'Delete the account: leaves all conversations; profile, tokens, keys and the content of all messages are erased',
    body: z.object({ password: givenPassword }),
    status: 204,
    errors: ['WRONG_CREDENTIALS', 'LAST_OWNER', 'LAST_ADMIN'],
  }),
  exportMe: route({
    method: 'GET',
    path: '/me/export',
    auth: 'user',
    summary: 'Everything of this account as JSON lines: profile, devices, conversations, messages',
    status: 200,
    produces: 'application/x-ndjson',
    errors: [],
  }),
  getSnapshot: route({
    method: 'GET',
    path: '/snapshot',
    auth: 'user',
    summary: 'First state of a new device and its position, newest conversations first',
    query: z.object({ limit: pageQuery.limit }),
    status: 200,
    response: snapshot,
    errors: ['LIMIT_TOO_HIGH'],
  }),
  searchUsers: route({
    method: 'GET',
    path: '/users',
    auth: 'user',
    summary: 'Find people by the beginning of a name or username',
    query: z.object({ ...pageQuery, query: z.string().trim().min(1).max(LIMITS.queryLengthMax) }),
    status: 200,
    response: pageOf(user),
    errors: ['BAD_CURSOR', 'LIMIT_TOO_HIGH'],
  }),
  getUser: route({
    method: 'GET',
    path: '/users/:user_id',
    auth: 'user',
    summary: 'One person',
    params: z.object({ user_id: userId }),
    status: 200,
    response: user,
    errors: ['NOT_FOUND'],
  }),
  queryPresence: route({
    method: 'POST',
    path: '/presence',
    auth: 'user',
    summary: 'Online state and last seen of up to 100 people',
    body: z.object({ user_ids: z.array(userId).min(1).max(LIMITS.presenceUsersMax) }),
    status: 200,
    response: z.object({ items: z.array(presence) }),
    errors: [],
  }),
};
