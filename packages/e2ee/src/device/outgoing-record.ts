import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { SENDER_KEY_ID_BYTES } from '../groups/sender-key.ts';
import { addressKey, type DeviceAddress, readAddress, writeAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { type Content, readContent, writeContent } from './content.ts';

/** A message that is on its way: what was said, and the very bytes for each device, so that a retry sends the same ones (R5). */
export interface OutgoingRecord {
  readonly conversation: string;
  readonly content: Content;
  /** Of a group message: the sender key it went out with. Whoever had that key may ask for a resend. */
  readonly senderKeyId: Uint8Array | undefined;
  readonly deliveries: readonly Delivery[];
}

export interface Delivery {
  readonly address: DeviceAddress;
  readonly payload: Uint8Array;
  /** How often it was encrypted anew for this device. */
  readonly resends: number;
  /** Item of the resend request that this payload answers; empty for the first payload. */
  readonly answers: string;
}

const FORM_VERSION = 1;

export function writeOutgoing(record: OutgoingRecord): Uint8Array {
  const writer = new ByteWriter(1_024).byte(FORM_VERSION).text(record.conversation);
  writer.sized(writeContent(record.content)).optional(record.senderKeyId, (keyId) => writer.raw(keyId));
  writer.list(record.deliveries, ({ address, payload, resends, answers }) => {
    writeAddress(writer, address);
    writer.sized(payload).varint(resends).text(answers);
  });
  return writer.finish();
}

export function readOutgoing(bytes: Uint8Array): OutgoingRecord | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    const conversation = reader.text(E2EE_LIMITS.idBytesMax);
    const content = readContent(reader.sized(E2EE_LIMITS.payloadBytesMax));
    const senderKeyId = reader.optional(() => reader.raw(SENDER_KEY_ID_BYTES));
    const deliveries = reader.list(E2EE_LIMITS.deliveriesMax, () => ({
      address: readAddress(reader),
      payload: reader.sized(E2EE_LIMITS.payloadBytesMax),
      resends: reader.varint(),
      answers: reader.text(E2EE_LIMITS.messageIdBytesMax),
    }));
    return content && { conversation, content, senderKeyId, deliveries };
  });
}

export const deliveryTo = (record: OutgoingRecord, address: DeviceAddress): Delivery | undefined =>
  record.deliveries.find((delivery) => addressKey(delivery.address) === addressKey(address));
