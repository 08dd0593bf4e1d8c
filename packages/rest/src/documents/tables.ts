import { CLOSE, type CloseRow, ERRORS, type ErrorRow } from '@parley/protocol';
import { type Html, html } from './html.ts';

const RETRY_WORDS = {
  no: 'The same request will fail again.',
  later: 'Repeat it unchanged, with the same key, after retry_after_ms.',
  authenticate: 'Get a token first.',
} as const satisfies Record<ErrorRow['retry'], string>;

const ADVICE_WORDS = {
  resume: 'Reconnect with jitter and sync from the positions held.',
  authenticate: 'Get a token first, then reconnect.',
  stop: 'Do not come back by itself.',
} as const satisfies Record<CloseRow['advice'], string>;

const table = (caption: string, columns: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;

/** Every error code, each with an anchor: the `type` of a problem points here. */
export const errorTable = (): Html =>
  table(
    'A code never changes its meaning.',
    ['Code', 'Status', 'Meaning', 'What to do'],
    Object.entries<ErrorRow>(ERRORS).map(
      ([code, row]) =>
        html`<tr id="${code}"><td><code>${code}</code></td><td>${row.status}</td><td>${row.title}</td><td>${RETRY_WORDS[row.retry]}</td></tr>\n`,
    ),
  );

export const closeTable = (): Html =>
  table(
    'Why a socket was closed, and what a client does then.',
    ['Code', 'Name', 'Meaning', 'What to do'],
    Object.entries<CloseRow>(CLOSE).map(
      ([name, row]) =>
        html`<tr id="close-${row.code}"><td>${row.code}</td><td><code>${name}</code></td><td>${row.reason}</td><td>${ADVICE_WORDS[row.advice]}</td></tr>\n`,
    ),
  );
