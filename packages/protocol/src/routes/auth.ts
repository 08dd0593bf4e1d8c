import { z } from 'zod';
import { deviceId, humanText, timestamp } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { device, displayName, me } from '../resources.ts';
import { route } from './route.ts';

/** Lower case letters, digits, dots, dashes and underscores; begins with a letter. */
export const username = z
  .string()
  .min(LIMITS.usernameLengthMin)
  .max(LIMITS.usernameLengthMax)
  .regex(/^[a-z][a-z0-9._-]*$/, 'must begin with a letter and hold only a-z, 0-9, dot, dash, underscore');
export const email = z
  .string()
  // What is too long is not looked at, and no text can be split by the pattern in more than one way: a stranger's request costs nothing to refuse.
  .max(254, { abort: true })
  .regex(/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/, 'must be an e-mail address')
  .toLowerCase();
/** ITU-T E.164: plus sign and 7 to 15 digits. */
export const phone = z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'must be a phone number such as +4915112345678');
const newPassword = z.string().min(LIMITS.passwordLengthMin).max(LIMITS.passwordLengthMax);
/** One that exists already: whatever is too short for it is a wrong password, not a wrong form. */
export const givenPassword = z.string().min(1).max(LIMITS.passwordLengthMax);
const deviceName = humanText(1, LIMITS.nameLengthMax);
const secret = z.string().min(1).max(200);

export const session = z.object({
  access_token: z.string(),
  access_expires_at: timestamp,
  refresh_token: z.string(),
  refresh_expires_at: timestamp,
  device_id: deviceId,
  me,
});
export type SessionTokens = z.infer<typeof session>;

export const authRoutes = {
  register: route({
    method: 'POST',
    path: '/auth/register',
    auth: 'none',
    summary: 'Create an account and its first device',
    body: z
      .object({
        name: displayName,
        username: username.optional(),
        email: email.optional(),
        phone: phone.optional(),
        password: newPassword,
        device_name: deviceName,
        /** Code of an invitation; needed where `registration` is `invitation` (PLACE-3), ignored elsewhere. */
        invitation: z.string().min(1).max(LIMITS.invitationCodeLengthMax).optional(),
      })
      .refine((body) => body.username !== undefined || body.email !== undefined || body.phone !== undefined, {
        message: 'needs a username, an e-mail address or a phone number',
      }),
    status: 201,
    response: session,
    errors: ['IDENTIFIER_TAKEN', 'FORBIDDEN'],
  }),
  login: route({
    method: 'POST',
    path: '/auth/login',
    auth: 'none',
    summary: 'Log in on a new device, by password or by a code sent to the phone',
    body: z.union(
      [
        z.object({ identifier: z.string().min(1).max(254), password: givenPassword, device_name: deviceName }),
        z.object({ phone, code: z.string().regex(/^[0-9]{6}$/, 'must be 6 digits'), device_name: deviceName }),
      ],
      'needs an identifier and a password, or a phone and a code of 6 digits, and a device_name',
    ),
    status: 200,
    response: session,
    errors: ['WRONG_CREDENTIALS'],
  }),
  requestCode: route({
    method: 'POST',
    path: '/auth/code',
    auth: 'none',
    summary: 'Send a login code to a phone; the answer is the same whether or not there is an account',
    body: z.object({ phone }),
    status: 202,
    errors: [],
  }),
  refresh: route({
    method: 'POST',
    path: '/auth/refresh',
    auth: 'none',
    summary: 'Exchange a refresh token for new tokens; each refresh token works once',
    body: z.object({ refresh_token: secret }),
    status: 200,
    response: session,
    errors: ['TOKEN_INVALID', 'TOKEN_EXPIRED', 'REFRESH_REUSED'],
  }),
  logout: route({
    method: 'POST',
    path: '/auth/logout',
    auth: 'user',
    summary: 'Log this device out',
    status: 204,
    errors: [],
  }),
  createTicket: route({
    method: 'POST',
    path: '/auth/ticket',
    auth: 'user',
    summary: 'A one-time ticket that opens a socket within 30 seconds',
    status: 201,
    response: z.object({ ticket: z.string(), expires_at: timestamp }),
    errors: [],
  }),
  listDevices: route({
    method: 'GET',
    path: '/devices',
    auth: 'user',
    summary: 'The devices of this account',
    status: 200,
    response: z.object({ items: z.array(device) }),
    errors: [],
  }),
  revokeDevice: route({
    method: 'DELETE',
    path: '/devices/:device_id',
    auth: 'user',
    summary: 'Log a device of this account out',
    params: z.object({ device_id: deviceId }),
    status: 204,
    errors: ['NOT_FOUND'],
  }),
  changePassword: route({
    method: 'PUT',
    path: '/me/password',
    auth: 'user',
    summary: 'Change the password; other devices are logged out',
    body: z.object({ current_password: givenPassword, new_password: newPassword }),
    status: 204,
    errors: ['WRONG_CREDENTIALS'],
  }),
};
