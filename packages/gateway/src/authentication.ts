import { type Actor, authenticateToken, type Outcome, readToken, redeemTicket, takeConnection } from '@parley/core';
import type { CloseName, CommandOf, DeviceId, ServerFrame, UserId } from '@parley/protocol';
import type { Edge } from './edge.ts';
import { errorFrame, refusalFrame } from './error-frames.ts';
import type { Peer } from './peer.ts';
import { Session } from './session.ts';

/** What a token or a ticket proves. */
export interface Identity {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** What became of an `authenticate`: the reply, the session that the connection now has, and with what it must end, if it must (CONN-4, CONN-13). */
export interface Authentication {
  readonly reply: ServerFrame;
  readonly session: Session | undefined;
  readonly close: CloseName | undefined;
}

/** CONN-2, CONN-4, CONN-5, CONN-13: answers an `authenticate` command; `present` is the session of a connection that has authenticated before. */
export async function authenticate(
  edge: Edge,
  connection: Peer,
  present: Session | undefined,
  command: CommandOf<'authenticate'>,
): Promise<Authentication> {
  const { token, ticket } = command;
  const about = { re: command.id };
  let proof: Outcome<Identity>;
  if (token !== undefined && ticket === undefined)
    // `admit` looks at the device of a stranger itself: one read less when thousands come back at once.
    proof = await (present === undefined ? readToken(edge.core, token) : authenticateToken(edge.core, token));
  else if (ticket !== undefined && token === undefined) proof = await redeemTicket(edge.core, ticket);
  else {
    const reply = errorFrame(about, 'INVALID_REQUEST', 'Give exactly one of token and ticket.');
    return { reply, session: present, close: undefined };
  }
  if (proof.kind === 'refused') return { reply: refusalFrame(about, proof), session: present, close: 'TOKEN_REJECTED' };
  const identity = proof.value;
  const session = present === undefined ? await admit(edge, connection, identity) : renew(present, identity);
  if (session === undefined) {
    const detail = 'The token is not one of this device, or the device was logged out. Log in again.';
    return { reply: errorFrame(about, 'TOKEN_INVALID', detail), session: present, close: 'TOKEN_REJECTED' };
  }
  // After the look at the device: who was logged out must not use up what the user may open.
  const tooMany = present === undefined ? await takeConnection(edge.core, identity.userId) : undefined;
  if (tooMany !== undefined) {
    session.end();
    return { reply: refusalFrame(about, tooMany), session: undefined, close: 'TOO_MANY_RECONNECTS' };
  }
  const reply: ServerFrame = {
    type: 'authenticated',
    re: command.id,
    user_id: identity.userId,
    device_id: identity.deviceId,
    token_expires_at: identity.expiresAt,
  };
  return { reply, session, close: undefined };
}

/** A newer token of the same device keeps the connection alive; another device's does not. */
function renew(session: Session, identity: Identity): Session | undefined {
  if (session.actor.userId !== identity.userId || session.actor.deviceId !== identity.deviceId) return undefined;
  session.expiresAt = Math.max(session.expiresAt, identity.expiresAt);
  return session;
}

/**
 * The session of a connection that was a stranger's. Undefined: the device was logged out meanwhile. The order matters for CONN-7: first listen for the order to
 * hang up, then look whether the device still exists, so that a log-out at any moment is noticed by one of the two.
 */
export async function admit(edge: Edge, connection: Peer, identity: Identity): Promise<Session | undefined> {
  const actor: Actor = { userId: identity.userId, deviceId: identity.deviceId, connectionId: connection.id };
  const topic = await edge.hub.users.acquire(actor.userId);
  const session = new Session(edge, connection, actor, identity.expiresAt);
  topic.add(session);
  try {
    const device = await edge.core.deviceStore.find(actor.deviceId);
    if (device?.userId === actor.userId) return session;
  } catch (error) {
    session.end();
    throw error;
  }
  session.end();
  return undefined;
}
