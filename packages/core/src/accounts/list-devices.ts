import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { DeviceRecord } from '../ports/device-store.ts';
import type { AnswerOf } from '../route-call.ts';

export async function listDevices(
  core: Pick<Core, 'deviceStore'>,
  actor: Actor,
): Promise<Outcome<AnswerOf<'listDevices'>>> {
  const devices = await core.deviceStore.list(actor.userId);
  return done({ items: devices.map((device) => deviceOf(device, actor)) });
}

export const deviceOf = (device: DeviceRecord, actor: Actor) => ({
  device_id: device.deviceId,
  name: device.name,
  created_at: device.createdAt,
  last_active_at: device.lastActiveAt,
  current: device.deviceId === actor.deviceId,
});
