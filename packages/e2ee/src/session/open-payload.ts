import { equalBytes } from '../bytes/bytes.ts';
import { type PreKeySecrets, type RespondOutcome, respondToInitial } from '../handshake/respond.ts';
import { isSameIdentity, type PublicIdentity } from '../identity/device-identity.ts';
import type { InitialMessage, RatchetMessage, UsedPreKeys } from '../profile/profile.ts';
import { type RatchetRefusal, ratchetDecrypt } from '../ratchet/ratchet-decrypt.ts';
import { peerParty, type SessionEnds, selfParty } from './seal-in-session.ts';
import type { Session } from './session.ts';
import {
  knownIdentity,
  memoryOfHandshake,
  type SessionRecord,
  withHandshake,
  withNewSession,
  withReadSession,
} from './session-record.ts';

export type OpenRefusal =
  | RatchetRefusal
  | Extract<RespondOutcome, { kind: 'refused' }>['reason']
  /** Not a payload of this profile. */
  | 'malformed'
  /** No session has this tag: ours was lost, or is too old. */
  | 'session_unknown'
  /** An initial message whose handshake was accepted before and whose session is gone. */
  | 'handshake_replayed'
  /** The peer device has opened too many sessions lately. */
  | 'too_many_handshakes'
  /** The peer's keys are not those of its account's device list. */
  | 'identity_unexpected';

export type OpenOutcome =
  | {
      readonly kind: 'opened';
      readonly plaintext: Uint8Array;
      readonly record: SessionRecord;
      /** Pre-keys that this message used up: to be deleted in the same step as the record is written. */
      readonly spent: UsedPreKeys | undefined;
    }
  /** The given record is as it was. */
  | { readonly kind: 'refused'; readonly reason: OpenRefusal };

/** Looks up the secrets of pre-keys; the session layer asks only for an initial message that is not a repetition. */
export type FindPreKeys = (used: UsedPreKeys) => Promise<PreKeySecrets>;

export interface OpenRequest {
  readonly record: SessionRecord;
  readonly conversation: string;
  readonly payload: Uint8Array;
  readonly findPreKeys: FindPreKeys;
  /** Keys that the caller knows the peer device by (its account's device list); `undefined`: those of the record's newest session, if any. */
  readonly expectedIdentity: PublicIdentity | undefined;
  readonly nowMs: number;
}

/** Decrypts one payload of the peer device (Sesame §3.4). A refusal has no effect at all. */
export async function openPayload(ends: SessionEnds, given: OpenRequest): Promise<OpenOutcome> {
  // A copy of plain type: the caller may reuse its buffer, and Node's Buffer slices without copying.
  const payload = new Uint8Array(given.payload);
  const request = { ...given, payload, expectedIdentity: given.expectedIdentity ?? knownIdentity(given.record) };
  const { handshakes, messages } = ends.profile;
  if (!handshakes.isInitial(request.payload)) {
    const message = messages.parse(request.payload);
    return message === undefined
      ? refused('malformed')
      : openInSessions(ends, request, message, candidatesOf(request.record, message));
  }
  const initial = handshakes.parseInitial(request.payload);
  const message = initial && messages.parse(initial.message);
  if (initial === undefined || message === undefined) return refused('malformed');
  const known = request.record.sessions.filter((session) => equalBytes(session.baseKey, initial.baseKey));
  if (known.length > 0) return openInSessions(ends, request, message, known);
  return openInitial(ends, request, initial, message);
}

async function openInitial(
  ends: SessionEnds,
  request: OpenRequest,
  initial: InitialMessage,
  message: RatchetMessage,
): Promise<OpenOutcome> {
  const { provider, profile, self, peer } = ends;
  const { record, nowMs } = request;
  const memory = memoryOfHandshake(record, initial.baseKey, nowMs);
  if (memory === 'replayed') return refused('handshake_replayed');
  if (memory === 'full') return refused('too_many_handshakes');
  if (!isExpected(request, initial.identity)) return refused('identity_unexpected');

  const preKeys = await request.findPreKeys(initial.used);
  const response = await respondToInitial(provider, profile, self, peer, initial, preKeys, nowMs);
  if (response.kind === 'refused') return response;
  const { session } = response;
  const opened = await openInSessions(ends, { ...request, record: withNewSession(record, session) }, message, [
    session,
  ]);
  if (opened.kind === 'refused') return opened;
  return { ...opened, record: withHandshake(opened.record, initial.baseKey, nowMs), spent: initial.used };
}

/** With a tag there is at most one candidate; only a profile without tags tries several. */
const candidatesOf = (record: SessionRecord, { sessionTag }: RatchetMessage): readonly Session[] =>
  sessionTag === undefined
    ? record.sessions
    : record.sessions.filter((session) => equalBytes(session.tag, sessionTag)).slice(0, 1);

async function openInSessions(
  ends: SessionEnds,
  request: OpenRequest,
  message: RatchetMessage,
  candidates: readonly Session[],
): Promise<OpenOutcome> {
  const { provider, profile } = ends;
  let reason: OpenRefusal = 'session_unknown';
  for (const session of candidates) {
    if (!isExpected(request, session.peerIdentity)) {
      reason = 'identity_unexpected';
      continue;
    }
    const parties = [peerParty(ends, session), selfParty(ends)] as const;
    const associatedData = profile.messages.associatedData(...parties, request.conversation);
    const outcome = await ratchetDecrypt({ provider, profile, associatedData }, session.ratchet, message);
    if (outcome.kind === 'refused') {
      // A repetition is certain knowledge; "not authentic" may only mean that it was another session's message.
      if (reason !== 'already_opened') reason = outcome.reason;
      continue;
    }
    const read: Session = { ...session, ratchet: outcome.state, unanswered: undefined };
    const record = withReadSession(request.record, session, read);
    return { kind: 'opened', plaintext: outcome.plaintext, record, spent: undefined };
  }
  return refused(reason);
}

const isExpected = ({ expectedIdentity }: OpenRequest, identity: PublicIdentity): boolean =>
  expectedIdentity === undefined || isSameIdentity(expectedIdentity, identity);

const refused = (reason: OpenRefusal): OpenOutcome => ({ kind: 'refused', reason });
