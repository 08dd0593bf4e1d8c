import { type ConnectionStatus, explainConnection } from '@parley/client';
import type { Text } from '../i18n/use-text.ts';

/** How it stands with the connection, in words for people; null while there is nothing to say. */
export function connectionWords(status: ConnectionStatus, isOnline: boolean, text: Text): string | null {
  if (status.kind === 'live') return isOnline ? null : text('connection.noNetwork');
  if (status.kind === 'stopped') return stoppedWords(status.reason, text);
  if (status.kind === 'waiting' && !isOnline) return text('connection.noNetwork');
  return text(explainConnection(status, 0).id);
}

function stoppedWords(reason: Extract<ConnectionStatus, { kind: 'stopped' }>['reason'], text: Text): string {
  switch (reason) {
    case 'signed_out':
    case 'DEVICE_REVOKED':
      return text('connection.stopped_signed_out');
    case 'ACCOUNT_DELETED':
      return text('connection.accountDeleted');
    case 'TOO_MANY_CONNECTIONS':
      return text('connection.tooMany');
    default:
      return text('connection.incompatible');
  }
}

/** When it is tried again, for those who see it: it changes each second, which nobody wants read out. */
export const nextTry = (status: ConnectionStatus, now: number, text: Text): string | null => {
  if (status.kind !== 'waiting') return null;
  const { parameters } = explainConnection(status, now);
  return text('connection.nextTry', { seconds: parameters.seconds ?? 0 });
};
