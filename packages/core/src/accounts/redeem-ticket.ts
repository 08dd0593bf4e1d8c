import { parseDeviceId, parseUserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { AccessClaims } from '../ports/security.ts';
import { deviceIsActive } from './authenticate-token.ts';

/** Half of the ticket finds it; the whole proves it. */
export const ticketName = (ticket: string): string => `ticket:${ticket.slice(0, 21)}`;

/** AUTH-8: takes a ticket, once, within its time. `expiresAt`: until when its connection lives without a token (CONN-5). */
export async function redeemTicket(
  core: Pick<Core, 'oneTimeSecrets' | 'deviceStore' | 'clock' | 'digest' | 'settings'>,
  ticket: string,
): Promise<Outcome<AccessClaims>> {
  const now = core.clock.now();
  const value = await core.oneTimeSecrets.take(ticketName(ticket), core.digest.sha256Hex(ticket), now, 1);
  const [user = '', device = ''] = value?.split(' ') ?? [];
  const [userId, deviceId] = [parseUserId(user), parseDeviceId(device)];
  if (userId === undefined || deviceId === undefined || !(await deviceIsActive(core, userId, deviceId)))
    return refused('TOKEN_INVALID', 'The ticket was used before, has expired or is not valid here. Ask for a new one.');
  return done({ userId, deviceId, expiresAt: now + core.settings.accessTokenTtlMs });
}
