import { ROUTES } from '@parley/protocol';
import type { Chat } from '../app/chat.ts';

/** Asks for everything that the account may see and hands it to the browser as a file of JSON lines. */
export async function saveExport(chat: Chat): Promise<void> {
  const lines: unknown = await chat.api.call(ROUTES.exportMe, {}, { timeoutMs: 600_000 });
  const address = URL.createObjectURL(new Blob([String(lines)], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'parley-export.jsonl';
  link.click();
  URL.revokeObjectURL(address);
}
