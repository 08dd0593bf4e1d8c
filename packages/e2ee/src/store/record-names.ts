import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import type { RecordName } from './session-store.ts';

/**
 * The records of a device:
 *
 *   rotating_pre_keys  all                     signed pre-keys and last-resort keys, current first; the next key id
 *   one_time_pre_key   <key id, 8 digits>      secrets of one pair of one-time keys; deleted by the handshake that uses it
 *   session            <user>/<device>         SessionRecord of one peer device
 *   outgoing           <message id>            content and payloads until the message is settled (resends, R7)
 *   incoming           <item id>               content until the application has taken it over
 *   own_sender_key     <group>                 the key this device sends with and who has it
 *   peer_sender_keys   <group>/<user>/<device> keys that a peer device sends with, newest first
 */
export const recordNames = {
  rotatingPreKeys: { kind: 'rotating_pre_keys', id: 'all' } as const satisfies RecordName,
  oneTimePreKey: (keyId: number): RecordName => ({
    kind: 'one_time_pre_key',
    id: keyId.toString().padStart(8, '0'),
  }),
  session: (peer: DeviceAddress): RecordName => ({ kind: 'session', id: addressKey(peer) }),
  outgoing: (messageId: string): RecordName => ({ kind: 'outgoing', id: messageId }),
  incoming: (itemId: string): RecordName => ({ kind: 'incoming', id: itemId }),
  ownSenderKey: (groupId: string): RecordName => ({ kind: 'own_sender_key', id: groupId }),
  peerSenderKeys: (groupId: string, sender: DeviceAddress): RecordName => ({
    kind: 'peer_sender_keys',
    id: `${groupId}/${addressKey(sender)}`,
  }),
};
