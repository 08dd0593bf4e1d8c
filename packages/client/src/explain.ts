import { CLOSE, type CloseName, ERRORS, type ErrorCode } from '@parley/protocol';
import type { ConnectionStatus } from './connection/status.ts';
import type { OutboxRow } from './outbox/outbox-row.ts';

/** "Why isn't my message there?" as data: an id to translate by, and what the sentence needs. */
export interface Explanation {
  readonly id: ExplanationId;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export type ExplanationId = keyof typeof ENGLISH;

/** English texts. `{name}` stands for a parameter; times are whole seconds from now. */
export const ENGLISH = {
  'connection.offline': 'Not connected.',
  'connection.connecting': 'Connecting to the server.',
  'connection.connecting_again': 'Trying again to reach the server (attempt {attempt}).',
  'connection.authenticating': 'Connected; logging in.',
  'connection.syncing': 'Connected; getting what happened meanwhile.',
  'connection.live': 'Connected.',
  'connection.live_long_poll':
    'Connected without a WebSocket, which something on the way blocks. Messages may take a little longer.',
  'connection.waiting': 'The connection was interrupted: {reason} Trying again in {seconds} s.',
  'connection.waiting_unreachable': 'The server cannot be reached. Trying again in {seconds} s.',
  'connection.waiting_refused': 'The server cannot serve this device at the moment. Trying again in {seconds} s.',
  'connection.stopped_signed_out': 'This device is logged out. Log in again to send and receive.',
  'connection.stopped': 'The connection was ended and does not come back by itself: {reason}',
  'row.waiting_for_connection':
    'Stored on this device, not sent yet: {connection} It is sent by itself, also after a restart.',
  'row.waiting_for_turn': 'Stored on this device; it is sent after the messages before it.',
  'row.sending': 'On its way to the server. Until the server has answered it stays stored on this device.',
  'row.delayed': 'Not stored on the server yet: {reason} It is sent again by itself in {seconds} s.',
  'row.stored': 'Stored on the server.',
  'row.failed': 'Not sent: {detail} Send it again or discard it.',
} as const;

const seconds = (untilMs: number, now: number): number => Math.max(0, Math.ceil((untilMs - now) / 1_000));

/** `now`: Unix ms. */
export function explainConnection(status: ConnectionStatus, now: number): Explanation {
  switch (status.kind) {
    case 'offline':
    case 'authenticating':
    case 'syncing':
      return { id: `connection.${status.kind}`, parameters: {} };
    case 'connecting':
      return status.attempt === 0
        ? { id: 'connection.connecting', parameters: {} }
        : { id: 'connection.connecting_again', parameters: { attempt: status.attempt + 1 } };
    case 'live':
      return { id: status.transport === 'websocket' ? 'connection.live' : 'connection.live_long_poll', parameters: {} };
    case 'waiting': {
      const parameters = { seconds: seconds(status.untilMs, now) };
      if (status.reason === 'unreachable') return { id: 'connection.waiting_unreachable', parameters };
      if (status.reason === 'server_refused') return { id: 'connection.waiting_refused', parameters };
      return { id: 'connection.waiting', parameters: { ...parameters, reason: reasonOf(status.reason) } };
    }
    case 'stopped':
      return status.reason === 'signed_out'
        ? { id: 'connection.stopped_signed_out', parameters: {} }
        : { id: 'connection.stopped', parameters: { reason: reasonOf(status.reason) } };
  }
}

/** Why an outbox row is where it is. `isNext`: no earlier row of its conversation waits. `now`: Unix ms. */
export function explainRow(row: OutboxRow, status: ConnectionStatus, isNext: boolean, now: number): Explanation {
  const { state } = row;
  if (state.kind === 'stored') return { id: 'row.stored', parameters: {} };
  if (state.kind === 'failed') return { id: 'row.failed', parameters: { detail: state.detail, code: state.code } };
  if (status.kind !== 'live')
    return { id: 'row.waiting_for_connection', parameters: { connection: inEnglish(explainConnection(status, now)) } };
  if (!isNext) return { id: 'row.waiting_for_turn', parameters: {} };
  if (state.delay === undefined) return { id: 'row.sending', parameters: {} };
  const { code, untilMs } = state.delay;
  return { id: 'row.delayed', parameters: { reason: titleOf(code), seconds: seconds(untilMs, now), code } };
}

export function inEnglish({ id, parameters }: Explanation): string {
  return ENGLISH[id].replace(/\{([a-z]+)\}/g, (_, name: string) => String(parameters[name] ?? ''));
}

const reasonOf = (reason: CloseName | 'connection_lost'): string =>
  reason === 'connection_lost' ? 'the line was cut.' : CLOSE[reason].reason;

const titleOf = (code: ErrorCode): string => ERRORS[code].title;
