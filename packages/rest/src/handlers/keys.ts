import { acknowledgeMailbox, type Core, countKeys, putKeys, readMailbox, sendToDevices, takeKeys } from '@parley/core';
import type { HandlersOf } from '../handler.ts';

/** Key bundles and mailboxes of end-to-end encryption. */
export const keyHandlers = (
  core: Core,
): HandlersOf<'putKeys' | 'countKeys' | 'takeKeys' | 'sendToDevices' | 'readMailbox' | 'acknowledgeMailbox'> => ({
  putKeys: ({ actor, request }) => putKeys(core, actor, request),
  countKeys: ({ actor }) => countKeys(core, actor),
  takeKeys: ({ actor, request }) => takeKeys(core, actor, request),
  sendToDevices: ({ actor, request: { body } }) =>
    sendToDevices(core, actor, {
      clientMsgId: body.client_msg_id,
      items: body.items.map((item) => ({ userId: item.user_id, deviceId: item.device_id, payload: item.payload })),
    }),
  readMailbox: ({ actor, request: { query } }) =>
    readMailbox(core, actor, { afterSeq: query.after_seq, limit: query.limit }),
  acknowledgeMailbox: ({ actor, request }) => acknowledgeMailbox(core, actor, { upTo: request.body.up_to }),
});
