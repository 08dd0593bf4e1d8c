import {
  type Core,
  changePassword,
  createTicket,
  listDevices,
  login,
  logout,
  refresh,
  register,
  requestCode,
  revokeDevice,
} from '@parley/core';
import type { HandlersOf } from '../handler.ts';

/** Accounts' front door: log-in, tokens, devices. */
export const authHandlers = (
  core: Core,
): HandlersOf<
  | 'register'
  | 'login'
  | 'requestCode'
  | 'refresh'
  | 'logout'
  | 'createTicket'
  | 'listDevices'
  | 'revokeDevice'
  | 'changePassword'
> => ({
  register: ({ request, address }) => register(core, request.body, address),
  login: ({ request, address }) => login(core, request.body, address),
  requestCode: ({ request, address }) => requestCode(core, request.body, address),
  refresh: ({ request }) => refresh(core, request.body),
  logout: ({ actor }) => logout(core, actor),
  createTicket: ({ actor }) => createTicket(core, actor),
  listDevices: ({ actor }) => listDevices(core, actor),
  revokeDevice: ({ actor, request }) => revokeDevice(core, actor, request),
  changePassword: ({ actor, request }) => changePassword(core, actor, request),
});
