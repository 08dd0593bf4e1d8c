import { type ClientState, explainRow, type OutboxRow } from '@parley/client';
import { REFUSAL_WORDS } from '../i18n/refusal-words.ts';
import type { Text } from '../i18n/use-text.ts';

/** Why a message is not there yet and what happens next. `now` is Unix ms. */
export function rowWords(
  row: OutboxRow,
  state: Pick<ClientState, 'status' | 'outbox'>,
  now: number,
  text: Text,
): string {
  if (row.state.kind === 'failed') return failedWords(row.state.code, text);
  const first = state.outbox.find(
    (other) => other.conversationId === row.conversationId && other.state.kind === 'pending',
  );
  const { id, parameters } = explainRow(row, state.status, first === row, now);
  return text(id, parameters);
}

function failedWords(code: Extract<OutboxRow['state'], { kind: 'failed' }>['code'], text: Text): string {
  switch (code) {
    case 'DEVICE_CHANGED':
      return text('waiting.deviceChanged');
    case 'FORBIDDEN':
    case 'NOT_FOUND':
      return text('waiting.notAllowed');
    default:
      return text('row.failed', { detail: text(REFUSAL_WORDS[code]) });
  }
}
