import { equalBytes } from '../bytes/bytes.ts';
import type { PublicIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { Session } from './session.ts';

/**
 * All that a device keeps about one other device (Sesame §3.1): the session it sends with and older ones for late messages.
 * Like the ratchet's state it is never changed in place.
 */
export interface SessionRecord {
  /** Newest use first: the first one is active, the others are archived (at most `archivedSessionsMax`). */
  readonly sessions: readonly Session[];
  /** Handshakes of the peer that were accepted, newest first: a replayed initial message must not open a session again. */
  readonly handshakes: readonly AcceptedHandshake[];
  /** When a failed decrypt last made a fresh session with this device; Unix ms. */
  readonly healedAtMs: number;
}

export interface AcceptedHandshake {
  readonly baseKey: Uint8Array;
  readonly acceptedAtMs: number;
}

export const EMPTY_RECORD: SessionRecord = { sessions: [], handshakes: [], healedAtMs: 0 };

/** A new session becomes the active one; the oldest archived one falls out. */
export const withNewSession = (record: SessionRecord, session: Session): SessionRecord => ({
  ...record,
  sessions: [session, ...record.sessions].slice(0, E2EE_LIMITS.archivedSessionsMax + 1),
});

/**
 * A session that has just read a message becomes active (Sesame §3.4): after two devices have opened sessions with each other at
 * the same time, both end up on the one that was read last.
 */
export const withReadSession = (record: SessionRecord, before: Session, after: Session): SessionRecord => ({
  ...record,
  sessions: [after, ...record.sessions.filter((session) => session !== before)],
});

/** The session that has just sealed a message, in its place: sending does not change which session is active. */
export const withSentSession = (record: SessionRecord, before: Session, after: Session): SessionRecord => ({
  ...record,
  sessions: record.sessions.map((session) => (session === before ? after : session)),
});

/**
 * The keys that the peer is known by from its newest session; `undefined`: nothing is known yet. Where no device list says what to
 * expect they are the expected ones, so that a server cannot exchange them in the middle of a conversation.
 */
export const knownIdentity = (record: SessionRecord): PublicIdentity | undefined => record.sessions[0]?.peerIdentity;

/** The session to send with; `undefined`: a handshake is due. */
export function sessionToSendWith(record: SessionRecord, nowMs: number): Session | undefined {
  const [active] = record.sessions;
  if (active === undefined) return undefined;
  const isGivenUp =
    active.unanswered !== undefined && nowMs - active.createdAtMs > E2EE_LIMITS.unansweredSessionAgeMsMax;
  return isGivenUp ? undefined : active;
}

export type HandshakeMemory = 'fresh' | 'replayed' | 'full';

export function memoryOfHandshake(record: SessionRecord, baseKey: Uint8Array, nowMs: number): HandshakeMemory {
  const remembered = stillRemembered(record, nowMs);
  if (remembered.some((handshake) => equalBytes(handshake.baseKey, baseKey))) return 'replayed';
  return remembered.length < E2EE_LIMITS.handshakesRememberedMax ? 'fresh' : 'full';
}

export const withHandshake = (record: SessionRecord, baseKey: Uint8Array, nowMs: number): SessionRecord => ({
  ...record,
  handshakes: [{ baseKey, acceptedAtMs: nowMs }, ...stillRemembered(record, nowMs)],
});

const stillRemembered = (record: SessionRecord, nowMs: number): readonly AcceptedHandshake[] =>
  record.handshakes.filter((handshake) => nowMs - handshake.acceptedAtMs < E2EE_LIMITS.handshakeMemoryMs);
