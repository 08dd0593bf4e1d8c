import type { HeldConversation } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import { loadAll } from '../checker/load-all.ts';
import { REPAIR_INTERVAL_MS } from './simulated-node.ts';
import type { Simulation } from './simulation.ts';

/** How long everything may take to come to rest after the last fault: two heartbeats until a line that died in silence is noticed, a back-off, and the quiet time. */
export const REST_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 500;
/** Longer than servers take to compare their topics with the logs. */
const QUIET_FOR_MS = REPAIR_INTERVAL_MS + 2_000;

/** Waits until every device is live, has sent everything and is at the head of every log, and stays so for what nobody waits for: merged receipts, saves, hints. */
export async function awaitRest(simulation: Simulation): Promise<void> {
  const { clock } = simulation.world;
  const began = clock.now();
  let quietSince = began;
  let late = await unfinished(simulation);
  while (clock.now() - quietSince < QUIET_FOR_MS && clock.now() - began < REST_WITHIN_MS) {
    await clock.advance(LOOK_EVERY_MS);
    late = await unfinished(simulation);
    if (late.length > 0) quietSince = clock.now();
  }
  simulation.world.write({ type: 'settled', waitedMs: clock.now() - began, late, isRepaired: true });
}

async function unfinished({ devices, engine, network }: Simulation): Promise<string[]> {
  const late: string[] = network.unnoticed.map(({ node }) => `a dead line to node ${node.number} is not noticed`);
  const { messageLog, userLog, deviceStore } = engine.durable;
  for (const device of devices) {
    const state = device.client?.store.getSnapshot();
    if (device.isSignedOut) {
      if (device.disk.session !== undefined && (await deviceStore.find(device.disk.session.deviceId)) !== undefined)
        late.push(`${device.name} has stopped without a cause`);
      continue;
    }
    if (state?.status.kind !== 'live') {
      late.push(`${device.name} is ${JSON.stringify(state?.status ?? 'not running')}`);
      continue;
    }
    device.openChannels();
    const pending = state.outbox.filter((row) => row.state.kind !== 'failed').length;
    if (pending > 0) late.push(`${device.name} has ${pending} writes waiting`);
    if (state.userSeq !== (await userLog.head(device.user))) late.push(`${device.name} lacks user events`);
    const isUnread = ({ readMark, resource }: HeldConversation): boolean =>
      (readMark?.upTo ?? 0) > resource.my.read_up_to;
    if (Object.values(state.conversations).some(isUnread))
      late.push(`${device.name} has read marks that are not confirmed`);
    // The cast holds: the keys of the state's table are conversation ids.
    const ids = Object.keys(state.conversations) as ConversationId[];
    const heads = await messageLog.heads(ids);
    for (const id of ids)
      if (state.conversations[id]?.resource.head_seq !== heads.get(id)?.seq)
        late.push(`${device.name} lacks entries of ${id}`);
  }
  return late;
}

/** Every device opens every conversation and pages back to its beginning, as a person who scrolls would. */
export async function loadAllHistory({ devices, world }: Simulation): Promise<void> {
  const loading = Promise.all(devices.filter((device) => !device.isSignedOut).map(loadAll));
  let isLoading = true;
  const done = loading.finally(() => {
    isLoading = false;
  });
  while (isLoading) await world.clock.advance(100);
  await done;
  for (const device of devices) device.closedChannels();
}
