import { z } from 'zod';
import { count, hexId, timestamp, userId } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { displayName, user } from '../resources.ts';
import { pageOf, pageQuery } from './paging.ts';
import { route } from './route.ts';

/** The right to make accounts (PLACE-3). Its code is told once, when it is made. */
const invitation = z.object({
  invitation_id: hexId,
  uses: count,
  uses_max: count,
  created_at: timestamp,
  expires_at: timestamp.nullable(),
});

const chosenRegistration = z.enum(['open', 'invitation']);

export const serverRoutes = {
  getServer: route({
    method: 'GET',
    path: '/server',
    auth: 'none',
    summary: 'What this server is, can do and limits',
    status: 200,
    response: z.object({
      name: z.string(),
      version: z.string(),
      protocol: count,
      server_time: timestamp,
      registration: z.enum(['open', 'invitation', 'closed']),
      /** False: nobody has made an account yet; whoever does becomes the administrator. */
      has_owner: z.boolean(),
      features: z.array(z.string()),
      limits: z.record(z.string(), z.number()),
      websocket_path: z.string(),
      events_path: z.string(),
    }),
    errors: [],
  }),
  getStats: route({
    method: 'GET',
    path: '/admin/stats',
    auth: 'admin',
    summary: 'Counts for the administrator',
    status: 200,
    response: z.object({
      users: count,
      devices: count,
      conversations: count,
      messages: count,
      connections: count,
      online_users: count,
      uptime_ms: count,
      /** What the store takes on disk; null: it does not know. */
      stored_bytes: count.nullable(),
    }),
    errors: ['FORBIDDEN'],
  }),
  updateServer: route({
    method: 'PATCH',
    path: '/admin/server',
    auth: 'admin',
    summary: 'Name the place and say who may make an account',
    body: z
      .object({ name: displayName.optional(), registration: chosenRegistration.optional() })
      .refine((body) => body.name !== undefined || body.registration !== undefined, {
        message: 'must change something',
      }),
    status: 200,
    response: z.object({ name: z.string(), registration: z.enum(['open', 'invitation', 'closed']) }),
    errors: ['FORBIDDEN'],
  }),
  createInvitation: route({
    method: 'POST',
    path: '/admin/invitations',
    auth: 'admin',
    summary: 'Make an invitation; its code is told this once',
    body: z.object({
      uses_max: z.number().int().min(1).max(LIMITS.invitationUsesMax),
      /** From now on; absent: until it is withdrawn. */
      expires_in_ms: z.number().int().min(60_000).max(LIMITS.invitationLifeMsMax).optional(),
    }),
    status: 201,
    response: z.object({ ...invitation.shape, code: z.string() }),
    errors: ['FORBIDDEN', 'CONFLICT'],
  }),
  listInvitations: route({
    method: 'GET',
    path: '/admin/invitations',
    auth: 'admin',
    summary: 'Invitations, newest first',
    status: 200,
    response: z.object({ items: z.array(invitation).max(LIMITS.invitationsMax) }),
    errors: ['FORBIDDEN'],
  }),
  withdrawInvitation: route({
    method: 'DELETE',
    path: '/admin/invitations/:invitation_id',
    auth: 'admin',
    summary: 'End an invitation; accounts made with it stay',
    params: z.object({ invitation_id: hexId }),
    status: 204,
    errors: ['FORBIDDEN', 'NOT_FOUND'],
  }),
  listUsers: route({
    method: 'GET',
    path: '/admin/users',
    auth: 'admin',
    summary: 'All accounts, newest first',
    query: z.object({ ...pageQuery, query: z.string().trim().max(LIMITS.queryLengthMax).optional() }),
    status: 200,
    response: pageOf(z.object({ ...user.shape, is_admin: z.boolean(), created_at: timestamp, devices: count })),
    errors: ['FORBIDDEN', 'BAD_CURSOR', 'LIMIT_TOO_HIGH'],
  }),
  changeUserRole: route({
    method: 'PATCH',
    path: '/admin/users/:user_id',
    auth: 'admin',
    summary: 'Appoint or dismiss an administrator',
    params: z.object({ user_id: userId }),
    body: z.object({ role: z.enum(['administrator', 'user']) }),
    status: 204,
    errors: ['FORBIDDEN', 'NOT_FOUND', 'LAST_ADMIN'],
  }),
};

/** Long polling, the fall-back where WebSockets are blocked: the same frames in the same order (rules POLL-…). JSON only. */
const frameList = z.array(z.looseObject({ type: z.string() })).max(1_000);
export const pollRoutes = {
  openEvents: route({
    method: 'POST',
    path: '/events',
    auth: 'user',
    summary: 'Open a long-poll session; continue with GET /events',
    status: 201,
    response: z.object({ cursor: z.string(), frames: frameList }),
    errors: [],
  }),
  pollEvents: route({
    method: 'GET',
    path: '/events',
    auth: 'user',
    summary: 'Wait up to 25 s for frames after a cursor; the cursor acknowledges all before it',
    query: z.object({ cursor: z.string().min(1).max(LIMITS.cursorLengthMax) }),
    status: 200,
    response: z.object({ cursor: z.string(), frames: frameList }),
    errors: ['BAD_CURSOR'],
  }),
  sendFrames: route({
    method: 'POST',
    path: '/events/commands',
    auth: 'user',
    summary: 'Commands of a long-poll session, in order; replies arrive among its frames',
    query: z.object({ cursor: z.string().min(1).max(LIMITS.cursorLengthMax) }),
    body: z.object({
      frames: z
        .array(z.looseObject({ type: z.string() }))
        .min(1)
        .max(100),
    }),
    status: 202,
    errors: ['BAD_CURSOR', 'INVALID_REQUEST'],
  }),
  closeEvents: route({
    method: 'DELETE',
    path: '/events',
    auth: 'user',
    summary: 'End a long-poll session',
    query: z.object({ cursor: z.string().min(1).max(LIMITS.cursorLengthMax) }),
    status: 204,
    errors: ['BAD_CURSOR'],
  }),
};
