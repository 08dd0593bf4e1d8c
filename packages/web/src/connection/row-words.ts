import { type ClientState, explainRow, type OutboxRow } from '@parley/client';
import type { Text } from '../i18n/use-text.ts';

/** Why a message is not there yet and what happens next. `now` is Unix ms. */
export function rowWords(
  row: OutboxRow,
  state: Pick<ClientState, 'status' | 'outbox'>,
  now: number,
  text: Text,
): string {
  if (row.state.kind === 'failed') return failedWords(row.state.code, row.state.detail, text);
  const first = state.outbox.find(
    (other) => other.conversationId === row.conversationId && other.state.kind === 'pending',
  );
  const { id, parameters } = explainRow(row, state.status, first === row, now);
  return text(id, parameters);
}

function failedWords(
  code: Extract<OutboxRow['state'], { kind: 'failed' }>['code'],
  detail: string,
  text: Text,
): string {
  switch (code) {
    case 'DEVICE_CHANGED':
      return text('waiting.deviceChanged');
    case 'FORBIDDEN':
    case 'NOT_FOUND':
      return text('waiting.notAllowed');
    case 'MESSAGE_GONE':
      return text('waiting.gone');
    case 'EDIT_WINDOW_CLOSED':
      return text('waiting.tooOld');
    default:
      return text('row.failed', { detail });
  }
}
