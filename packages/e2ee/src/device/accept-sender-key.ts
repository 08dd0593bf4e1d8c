import { equalBytes } from '../bytes/bytes.ts';
import { readPeerSenderKeys, writePeerSenderKeys } from '../groups/sender-key-codec.ts';
import { readDistribution } from '../groups/sender-key-distribution.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import type { DurableStep } from './durable-step.ts';
import { readParsed } from './session-records.ts';

/**
 * Keeps a sender key that arrived through a session, in the step that consumes the message. A key that is there already stays as
 * it is: its chain must not go back. Whether its epoch is the right one is checked with every message that it opens.
 */
export async function acceptSenderKey(
  step: DurableStep,
  sender: DeviceAddress,
  groupId: string,
  body: Uint8Array,
): Promise<void> {
  const key = readDistribution(body, groupId, sender);
  if (key === undefined) return;
  const name = recordNames.peerSenderKeys(groupId, sender);
  const kept = (await readParsed(step, name, readPeerSenderKeys)) ?? [];
  if (kept.some(({ keyId }) => equalBytes(keyId, key.keyId))) return;
  step.write(name, writePeerSenderKeys([key, ...kept].slice(0, E2EE_LIMITS.senderKeysPerDeviceMax)));
}
