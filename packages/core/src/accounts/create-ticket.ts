import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { AnswerOf } from '../route-call.ts';
import { ticketName } from './redeem-ticket.ts';
import { makeSecretToken } from './secret-token.ts';

/** AUTH-8: a secret that opens one socket. */
export async function createTicket(
  core: Pick<Core, 'oneTimeSecrets' | 'clock' | 'random' | 'digest' | 'settings'>,
  actor: Actor,
): Promise<Outcome<AnswerOf<'createTicket'>>> {
  const ticket = makeSecretToken(core.random);
  const expiresAt = core.clock.now() + core.settings.ticketTtlMs;
  const value = `${actor.userId} ${actor.deviceId}`;
  await core.oneTimeSecrets.put(ticketName(ticket), core.digest.sha256Hex(ticket), value, expiresAt);
  return done({ ticket, expires_at: expiresAt });
}
