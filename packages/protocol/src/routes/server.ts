import { z } from 'zod';
import { count, timestamp } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { user } from '../resources.ts';
import { pageOf, pageQuery } from './paging.ts';
import { route } from './route.ts';

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
      registration: z.enum(['open', 'closed']),
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
    }),
    errors: ['FORBIDDEN'],
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
