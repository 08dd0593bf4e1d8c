import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { recordNames } from '../store/record-names.ts';
import type { RecordName } from '../store/session-store.ts';
import type { DeviceContext } from './device-context.ts';

/** Everything that is kept about another device: its sessions and the sender keys it has shared with us. */
export async function recordsOfDevice({ store }: DeviceContext, device: DeviceAddress): Promise<readonly RecordName[]> {
  const names: RecordName[] = [recordNames.session(device)];
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
