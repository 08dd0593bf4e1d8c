import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import type { RecordName } from '../store/session-store.ts';
import type { DeviceContext } from './device-context.ts';

/** The records of the sender keys that a device has shared with us, in whatever group. */
export async function senderKeysOf({ store }: DeviceContext, device: DeviceAddress): Promise<readonly RecordName[]> {
  const names: RecordName[] = [];
  let after: string | undefined = '';
  while (after !== undefined) {
    const page: readonly string[] = await store.list('peer_sender_keys', after, NAMES_PER_PAGE);
    const own = page.filter((id) => id.endsWith(`/${addressKey(device)}`));
    names.push(...own.map((id): RecordName => ({ kind: 'peer_sender_keys', id })));
    after = page.at(-1);
  }
  return names;
}

const NAMES_PER_PAGE = 1_000;
