import {
  type Core,
  changeUserRole,
  createInvitation,
  done,
  getStats,
  hasOwner,
  listInvitations,
  listUsers,
  readPlace,
  updatePlace,
  withdrawInvitation,
} from '@parley/core';
import { API_PREFIX, LIMITS, PROTOCOL_VERSION, WEBSOCKET_PATH } from '@parley/protocol';
import type { HandlersOf } from '../handler.ts';

/** What the composition root knows about this program. */
export interface ServerFacts {
  readonly version: string;
  /** Names of what is switched on beside the core: `long_poll`, `search`, … */
  readonly features: readonly string[];
}

const wireName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Those of the protocol and those that the operator has set; 0 is no limit. */
const limitsOf = ({ settings }: Pick<Core, 'settings'>): Record<string, number> => {
  const { registration: _, serverName: _name, ...numbers } = settings;
  return Object.fromEntries(Object.entries({ ...LIMITS, ...numbers }).map(([name, value]) => [wireName(name), value]));
};

/** What this server is, and its administration. */
export const serverHandlers = (
  core: Core,
  facts: ServerFacts,
): HandlersOf<
  | 'getServer'
  | 'getStats'
  | 'updateServer'
  | 'createInvitation'
  | 'listInvitations'
  | 'withdrawInvitation'
  | 'listUsers'
  | 'changeUserRole'
> => ({
  getServer: async () => {
    const { name, registration } = await readPlace(core);
    return done({
      name,
      version: facts.version,
      protocol: PROTOCOL_VERSION,
      server_time: core.clock.now(),
      registration,
      has_owner: await hasOwner(core),
      features: [...facts.features],
      limits: limitsOf(core),
      websocket_path: WEBSOCKET_PATH,
      events_path: `${API_PREFIX}/events`,
    });
  },
  getStats: ({ actor }) => getStats(core, actor),
  updateServer: ({ actor, request }) => updatePlace(core, actor, request),
  createInvitation: ({ actor, request }) => createInvitation(core, actor, request),
  listInvitations: ({ actor }) => listInvitations(core, actor),
  withdrawInvitation: ({ actor, request }) => withdrawInvitation(core, actor, request),
  listUsers: ({ actor, request }) => listUsers(core, actor, request),
  changeUserRole: ({ actor, request }) => changeUserRole(core, actor, request),
});
