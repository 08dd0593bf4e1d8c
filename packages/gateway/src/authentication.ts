import { type Actor, authenticateToken, type Outcome, redeemTicket } from '@parley/core';
import type { CommandOf, DeviceId, UserId } from '@parley/protocol';
import type { Connection } from './connection.ts';
import type { Edge } from './edge.ts';
import { errorFrame, refusalFrame } from './error-frames.ts';
import { Session } from './session.ts';

/** What a token or a ticket proves. */
export interface Identity {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** CONN-2, CONN-4, CONN-5: answers an `authenticate` command. */
export async function authenticate(
  edge: Edge,
  connection: Connection,
  command: CommandOf<'authenticate'>,
): Promise<void> {
  const { token, ticket } = command;
  const about = { re: command.id };
  let proof: Outcome<Identity>;
  if (token !== undefined && ticket === undefined) proof = await authenticateToken(edge.core, token);
  else if (ticket !== undefined && token === undefined) proof = await redeemTicket(edge.core, ticket);
  else {
    connection.send(errorFrame(about, 'INVALID_REQUEST', 'Give exactly one of token and ticket.'));
    return;
  }
  if (proof.kind === 'refused') {
    connection.send(refusalFrame(about, proof));
    connection.close('TOKEN_REJECTED');
    return;
  }
  const identity = proof.value;
  const admitted =
    connection.session === undefined ? await admit(edge, connection, identity) : renew(connection.session, identity);
  if (!admitted) {
    connection.send(
      errorFrame(about, 'TOKEN_INVALID', 'The token is not one of this device, or the device was logged out.'),
    );
    connection.close('TOKEN_REJECTED');
    return;
  }
  connection.send({
    type: 'authenticated',
    re: command.id,
    user_id: identity.userId,
    device_id: identity.deviceId,
    token_expires_at: identity.expiresAt,
  });
}

/** A newer token of the same device keeps the connection alive; another device's does not. */
function renew(session: Session, identity: Identity): boolean {
  if (session.actor.userId !== identity.userId || session.actor.deviceId !== identity.deviceId) return false;
  session.expiresAt = Math.max(session.expiresAt, identity.expiresAt);
  return true;
}

/**
 * Makes a stranger's connection one of the user's. False: the device was logged out meanwhile. The order matters for CONN-7: first listen for the order to hang up, then
 * look whether the device still exists, so that a log-out at any moment is noticed by one of the two.
 */
export async function admit(edge: Edge, connection: Connection, identity: Identity): Promise<boolean> {
  const actor: Actor = { userId: identity.userId, deviceId: identity.deviceId, connectionId: connection.id };
  const topic = await edge.hub.users.acquire(actor.userId);
  if (connection.closed) {
    edge.hub.users.release(actor.userId);
    return true;
  }
  const session = new Session(edge, connection, actor, identity.expiresAt);
  topic.add(session);
  try {
    const device = await edge.core.deviceStore.find(actor.deviceId);
    if (device === undefined || connection.closed) {
      session.end();
      return connection.closed;
    }
  } catch (error) {
    session.end();
    throw error;
  }
  connection.authenticated(session);
  session.announce();
  return true;
}
