import {
  type Core,
  deleteMe,
  done,
  exportMe,
  getMe,
  getSnapshot,
  getUser,
  queryPresence,
  searchUsers,
  updateMe,
  updatePrivacy,
} from '@parley/core';
import type { HandlersOf } from '../handler.ts';

/** The own account, other people, and the first state of a device. */
export const userHandlers = (
  core: Core,
): HandlersOf<
  | 'getMe'
  | 'updateMe'
  | 'updatePrivacy'
  | 'deleteMe'
  | 'exportMe'
  | 'getSnapshot'
  | 'searchUsers'
  | 'getUser'
  | 'queryPresence'
> => ({
  getMe: ({ actor }) => getMe(core, actor),

  updateMe: ({ actor, request }) => updateMe(core, actor, request),
  updatePrivacy: ({ actor, request }) => updatePrivacy(core, actor, request),
  deleteMe: ({ actor, request }) => deleteMe(core, actor, request),
  exportMe: async ({ actor }) => done(exportMe(core, actor)),
  getSnapshot: ({ actor, request }) => getSnapshot(core, actor, request.query.limit),
  searchUsers: ({ actor, request }) => searchUsers(core, actor, request),
  getUser: ({ actor, request }) => getUser(core, actor, request),
  queryPresence: ({ actor, request }) => queryPresence(core, actor, { userIds: request.body.user_ids }),
});
