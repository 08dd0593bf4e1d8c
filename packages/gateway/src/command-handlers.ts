import {
  acknowledgeMailbox,
  deleteMessage,
  editMessage,
  forwardMessage,
  listEntries,
  type Outcome,
  react,
  sendMessage,
  sendToDevices,
  typing,
} from '@parley/core';
import type {
  Command,
  CommandOf,
  CommandType,
  ConversationId,
  ReceiptKind,
  ServerFrame,
  WriteAnswer,
} from '@parley/protocol';
import { subscribeChannel } from './channels.ts';
import type { Edge } from './edge.ts';
import { entriesFrame } from './entries-frame.ts';
import { errorFrame, refusalFrame } from './error-frames.ts';
import { PresenceFeed } from './presence-feed.ts';
import type { Session } from './session.ts';
import { synchronise } from './sync.ts';

type Reply = ServerFrame | undefined;
type Handlers = {
  readonly [T in Exclude<CommandType, 'authenticate'>]: (
    edge: Edge,
    session: Session,
    command: CommandOf<T>,
  ) => Promise<Reply> | Reply;
};

/** What each command asks of the core, and the outcome as a reply. Throws what the stores throw. */
const HANDLERS: Handlers = {
  sync: synchronise,
  // Without `async`: of all commands only this one comes often enough for the promise to count.
  send_message: ({ core }, session, command) => {
    const { content, forward, conversation_id: conversationId, client_msg_id: clientMsgId } = command;
    const acknowledged = (outcome: Outcome<WriteAnswer>): Reply => acknowledge(session, command, outcome);
    if (content !== undefined && forward === undefined)
      return sendMessage(core, session.actor, { conversationId, clientMsgId, content }).then(acknowledged);
    if (content === undefined && forward !== undefined) {
      const source = { conversationId: forward.conversation_id, seq: forward.seq };
      return forwardMessage(core, session.actor, { conversationId, clientMsgId, source }).then(acknowledged);
    }
    const about = { re: command.id, clientMsgId: command.client_msg_id };
    return errorFrame(about, 'INVALID_REQUEST', 'Give exactly one of content and forward; nothing was stored.');
  },
  edit_message: async ({ core }, session, command) =>
    acknowledge(
      session,
      command,
      await editMessage(core, session.actor, {
        conversationId: command.conversation_id,
        clientMsgId: command.client_msg_id,
        targetSeq: command.target_seq,
        content: command.content,
      }),
    ),
  delete_message: async ({ core }, session, command) =>
    acknowledge(
      session,
      command,
      await deleteMessage(core, session.actor, {
        conversationId: command.conversation_id,
        clientMsgId: command.client_msg_id,
        targetSeq: command.target_seq,
        scope: command.scope,
      }),
    ),
  react: async ({ core }, session, command) =>
    acknowledge(
      session,
      command,
      await react(core, session.actor, {
        conversationId: command.conversation_id,
        clientMsgId: command.client_msg_id,
        targetSeq: command.target_seq,
        emoji: command.emoji,
        action: command.action,
      }),
    ),
  delivery_receipt: (edge, session, command) => moveCursor(edge, session, command, 'delivered'),
  read_receipt: (edge, session, command) => moveCursor(edge, session, command, 'read'),
  // TYPE-2: nobody waits for an answer, and nothing is repeated.
  typing_start: async ({ core }, session, command) => {
    await typing(core, session.actor, command.conversation_id, 'start');
    return undefined;
  },
  typing_stop: async ({ core }, session, command) => {
    await typing(core, session.actor, command.conversation_id, 'stop');
    return undefined;
  },
  presence_watch: async (edge, session, command) => {
    session.presence ??= new PresenceFeed(edge, session.connection, session.actor);
    const outcome = await session.presence.watch(command.user_ids);
    if (outcome.kind === 'refused') return refusalFrame({ re: command.id }, outcome);
    for (const presence of outcome.value.items) session.connection.send({ type: 'presence_update', ...presence });
    return { type: 'done', re: command.id };
  },
  subscribe: subscribeChannel,
  unsubscribe: (_edge, session, command) => {
    session.unsubscribe(command.conversation_id);
    return { type: 'done', re: command.id };
  },
  fetch_entries: async ({ core }, session, command) => {
    const outcome = await listEntries(core, session.actor, {
      conversationId: command.conversation_id,
      afterSeq: command.after_seq,
      limit: command.limit,
    });
    if (outcome.kind === 'refused') return refusalFrame({ re: command.id }, outcome);
    return entriesFrame(command.id, command.conversation_id, outcome.value);
  },
  mailbox_send: async ({ core }, session, command) => {
    const outcome = await sendToDevices(core, session.actor, {
      clientMsgId: command.client_msg_id,
      items: command.items.map((item) => ({ userId: item.user_id, deviceId: item.device_id, payload: item.payload })),
    });
    if (outcome.kind === 'done') return { type: 'done', re: command.id };
    return refusalFrame({ re: command.id, clientMsgId: command.client_msg_id }, outcome);
  },
  mailbox_ack: async ({ core }, session, command) => {
    await acknowledgeMailbox(core, session.actor, { upTo: command.up_to });
    return undefined;
  },
  ping: ({ core }, _session, command) => ({ type: 'pong', re: command.id, server_time: core.clock.now() }),
};

/** The reply to a command of an authenticated connection, if it has one. */
export function handleCommand(
  edge: Edge,
  session: Session,
  command: Exclude<Command, { type: 'authenticate' }>,
): Promise<Reply> | Reply {
  // The cast holds: the table gives each type the handler of that type; TypeScript cannot follow the pair through the union.
  const handle = HANDLERS[command.type] as (edge: Edge, session: Session, command: Command) => Promise<Reply> | Reply;
  return handle(edge, session, command);
}

type WriteCommand = CommandOf<'send_message' | 'edit_message' | 'delete_message' | 'react'>;

function acknowledge(session: Session, command: WriteCommand, outcome: Outcome<WriteAnswer>): ServerFrame {
  if (outcome.kind === 'refused') return refusalFrame({ re: command.id, clientMsgId: command.client_msg_id }, outcome);
  const { conversation_id: conversationId, seq } = outcome.value;
  if (seq !== undefined) session.subscription(conversationId)?.wrote(seq);
  // The answer in front: behind other fields it would be copied one by one.
  return { ...outcome.value, type: 'msg_ack', re: command.id };
}

/** RCPT-2: cursors of a moment are moved and told together. The command has no reply: a client repeats it until the cursor has moved. */
function moveCursor(
  edge: Edge,
  session: Session,
  command: { readonly conversation_id: ConversationId; readonly up_to: number },
  kind: ReceiptKind,
): undefined {
  edge.receipts.add(session.actor.userId, command.conversation_id, kind, command.up_to);
}
