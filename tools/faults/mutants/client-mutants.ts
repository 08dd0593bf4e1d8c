import { type Mutant, mutant } from './mutant.ts';

const OUTBOX = 'packages/client/src/outbox/outbox.ts';
const ENTRIES = 'packages/client/src/stream/entry-stream.ts';
const TIMELINE = 'packages/client/src/store/timeline.ts';
const FOLD = 'packages/client/src/store/fold-entry.ts';

/** Faults of the SDK. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  mutant(
    'each try has its own key',
    'S3',
    'packages/client/src/outbox/command-of-row.ts',
    'client_msg_id: clientMsgId, conversation_id',
    "client_msg_id: clientMsgId.slice(0, -4) + String(performance.now()).slice(-4).replace(/[^0-9]/g, '0').padStart(4, '0'), conversation_id",
  ),
  mutant(
    'a lost connection counts as sent',
    'S16',
    OUTBOX,
    "if (reply === 'lost' || connection !== this.#connection) return;",
    "if (reply === 'lost') this.#parts.store.dispatch({ type: 'outbox_removed', clientMsgId: row.clientMsgId });\n    if (reply === 'lost') return this.#forget(row.clientMsgId);\n    if (connection !== this.#connection) return;",
  ),
  mutant(
    'the outbox gives up at the first trouble',
    'S8',
    OUTBOX,
    "if (ERRORS[error.code].retry === 'no') {",
    'if (error.code.length > 0) {',
  ),
  mutant(
    'writes of one conversation go side by side',
    'S7',
    OUTBOX,
    "if (row.state.kind !== 'pending' || seen.has(row.conversationId)) continue;\n      seen.add(row.conversationId);\n      if (this.#inFlight.has(row.conversationId)) continue;",
    "if (row.state.kind !== 'pending') continue;",
  ),
  mutant(
    'the client passes a gap',
    'S8',
    ENTRIES,
    'if (entry.seq === (position ?? Number.NaN) + 1) {',
    'if (position !== undefined) {',
  ),
  mutant(
    'the stored position is ahead of the stored state',
    'S8',
    'packages/client/src/storage/state-saver.ts',
    '    epoch,\n    userSeq,\n',
    '    epoch,\n    userSeq: userSeq + 1,\n',
  ),
  mutant(
    'an amendment is folded in twice',
    'S13',
    'packages/client/src/store/message.ts',
    'if (entry.seq <= message.state_seq || message.content === null) return message;',
    'if (message.content === null) return message;',
  ),
  mutant(
    'a page undoes what came while it was read',
    'S13',
    TIMELINE,
    'for (const entry of since) if (isAmendment(entry)) window = amendItem(window, entry, userId);',
    '',
  ),
  mutant(
    'an old window is kept after a jump',
    'S13',
    'packages/client/src/store/holding.ts',
    'before.resource.head_seq === resource.head_seq ? before.timeline : emptyTimeline',
    'before.timeline',
  ),
  mutant(
    'the client does not bury what is deleted',
    'S13',
    TIMELINE,
    "if (entry.type === 'message_deleted') return bury(timeline, entry.target_seq, 'deleted');",
    "if (entry.type === 'message_deleted') return timeline;",
  ),
  mutant(
    'unread counts places, not messages',
    'S9',
    'packages/client/src/store/selectors.ts',
    'return Math.max(0, resource.message_count - Math.max(',
    'return Math.max(0, resource.head_seq - Math.max(',
  ),
  mutant(
    'the client forgets that writing reads',
    'S9',
    FOLD,
    'const isOwn = isWrite(entry) && entry.sender_id === userId;',
    'const isOwn = isWrite(entry) && entry.seq < 0;',
  ),
  mutant(
    'a conversation that was left stays',
    'S7',
    'packages/client/src/store/fold-user-event.ts',
    'return withoutConversation(state, event.conversation_id);',
    'return state;',
  ),
  mutant(
    'hiding is not shown',
    'S13',
    'packages/client/src/store/fold-user-event.ts',
    "const timeline = bury(conversation.timeline, event.seq, 'hidden');",
    'const { timeline } = conversation;',
  ),
  mutant(
    'the client stops after five failures',
    'S8',
    'packages/client/src/connection/connection.ts',
    '    this.#failures += 1;\n',
    "    this.#failures += 1;\n    if (this.#failures > 5) return this.#stop('signed_out');\n",
  ),
  mutant(
    'the client does not notice a dead line',
    'S8',
    'packages/client/src/connection/heartbeat.ts',
    'if (silenceMs >= 2 * intervalMs) return this.#parts.onSilence();',
    '',
  ),
  mutant(
    'a receipt is told once and never again',
    'S8',
    'packages/client/src/stream/receipts-out.ts',
    '      this.#told.clear();\n      this.#flush();',
    '',
  ),
  mutant(
    'the client ignores where a conversation became live',
    'S8',
    'packages/client/src/writer.ts',
    'return this.#entries.expect(frame.conversation.conversation_id, frame.conversation.head_seq);',
    'return;',
  ),
  mutant('the outbox keeps nothing on the disk', 'S16', OUTBOX, '    await storage.put(row);\n', ''),
  mutant('the client never fills a gap', 'S8', ENTRIES, 'void this.#repair(conversationId, waiting);', ''),
];
