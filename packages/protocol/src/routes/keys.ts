import { z } from 'zod';
import { base64, clientMsgId, count, deviceId, seq, timestamp, userId } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { mailboxItem } from '../server-frames.ts';
import { limit, whole } from './paging.ts';
import { route } from './route.ts';

const key = base64(LIMITS.keyLengthMax);
const numberedKey = z.object({ key_id: z.int().min(0), key });

/** Public keys of one device for end-to-end encryption. Opaque here: the server stores and hands out, it never uses them. */
export const keyBundleUpload = z.object({
  identity_key: key,
  signed_pre_key: z.object({ key_id: z.int().min(0), key, signature: key }),
  last_resort_key: z.object({ key_id: z.int().min(0), key, signature: key }).optional(),
  one_time_keys: z.array(numberedKey).max(LIMITS.oneTimeKeysMax).optional(),
});
export type KeyBundleUpload = z.infer<typeof keyBundleUpload>;

export const keyBundle = z.object({
  device_id: deviceId,
  identity_key: key,
  signed_pre_key: z.object({ key_id: z.int(), key, signature: key }),
  last_resort_key: z.object({ key_id: z.int(), key, signature: key }).nullable(),
  /** Handed out once and then gone; `null` when the device has none left. */
  one_time_key: numberedKey.nullable(),
});
export type KeyBundle = z.infer<typeof keyBundle>;

export const keyRoutes = {
  putKeys: route({
    method: 'PUT',
    path: '/keys',
    auth: 'user',
    summary: 'Replace the key bundle of this device; one-time keys are added to those still there',
    body: keyBundleUpload,
    status: 200,
    response: z.object({ one_time_keys_left: count }),
    errors: [],
  }),
  countKeys: route({
    method: 'GET',
    path: '/keys',
    auth: 'user',
    summary: 'How many one-time keys of this device are left',
    status: 200,
    response: z.object({ one_time_keys_left: count }),
    errors: [],
  }),
  takeKeys: route({
    method: 'POST',
    path: '/users/:user_id/keys',
    auth: 'user',
    summary: 'A bundle of each device of a person one shares a conversation with; takes one one-time key of each',
    params: z.object({ user_id: userId }),
    status: 200,
    response: z.object({ user_id: userId, bundles: z.array(keyBundle) }),
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
  }),
  sendToDevices: route({
    method: 'POST',
    path: '/mailbox',
    auth: 'user',
    summary: 'Put opaque payloads into the mailboxes of devices',
    idempotent: true,
    body: z.object({
      client_msg_id: clientMsgId,
      items: z
        .array(z.object({ user_id: userId, device_id: deviceId, payload: base64(LIMITS.mailboxPayloadLengthMax) }))
        .min(1)
        .max(LIMITS.mailboxItemsPerRequestMax),
    }),
    status: 202,
    response: z.object({ created_at: timestamp }),
    errors: ['NOT_FOUND', 'DEVICES_CHANGED', 'STORE_UNAVAILABLE'],
  }),
  readMailbox: route({
    method: 'GET',
    path: '/mailbox',
    auth: 'user',
    summary: 'Items of this device, oldest first',
    query: z.object({
      after_seq: whole(0).default(0),
      limit: limit(LIMITS.listLimitDefault, LIMITS.listLimitMax),
    }),
    status: 200,
    response: z.object({ items: z.array(mailboxItem.omit({ type: true })), head_seq: seq }),
    errors: ['LIMIT_TOO_HIGH'],
  }),
  acknowledgeMailbox: route({
    method: 'POST',
    path: '/mailbox/ack',
    auth: 'user',
    summary: 'Delete the items of this device up to a place',
    body: z.object({ up_to: seq }),
    status: 204,
    errors: [],
  }),
};
