import type { Append } from '@parley/core';
import { type ConversationId, conversationKindOf, makeMessageId, type Role } from '@parley/protocol';
import type { SimulatedDevice } from './simulated-device.ts';
import type { Simulation } from './simulation.ts';

/** More than a replay brings (SYNC-6). */
const ENTRIES = 520;
const LATER_MS_MAX = 8_000;

/**
 * A device without a network falls more than 500 entries behind in a conversation that it holds. They are written straight into the store, which is cheap, so
 * nobody hears of them until a log is compared.
 */
export function leaveBehind(simulation: Simulation): void {
  const { world, network, devices } = simulation;
  const chance = world.chances.faults;
  const { clock } = world;
  const device = devices[chance.below(devices.length)];
  if (device === undefined) return;
  clock.after(chance.below(LATER_MS_MAX), () => {
    // The cast holds: the keys of the state's table are conversation ids.
    const held = Object.keys(device.client?.store.getSnapshot().conversations ?? {}) as ConversationId[];
    const conversation = held[chance.below(Math.max(1, held.length))];
    if (conversation === undefined) return;
    world.write({ type: 'fault', what: `${device.name} falls behind in ${conversation}` });
    network.setOffline(device.name, true);
    simulation.inBackground(writeMuch(simulation, device, conversation));
    clock.after(chance.below(LATER_MS_MAX), () => {
      network.setOffline(device.name, false);
      device.client?.networkChanged(true);
    });
  });
}

async function writeMuch(
  { engine, devices, world }: Simulation,
  behind: SimulatedDevice,
  conversationId: ConversationId,
): Promise<void> {
  const { messageLog, membershipStore } = engine.durable;
  const members = await membershipStore.list(conversationId, null, 100);
  const writer = devices.find(
    ({ user, disk }) =>
      user !== behind.user && disk.session !== undefined && members.some((one) => one.user.user_id === user),
  );
  const session = writer?.disk.session;
  if (session === undefined) return;
  const isChannel = conversationKindOf(conversationId) === 'channel';
  const roles: readonly Role[] = isChannel ? ['owner', 'admin'] : ['owner', 'admin', 'member'];
  const author = { userId: session.userId, deviceId: session.deviceId, roles } as const;
  const random = world.stream(9);
  const one = (number: number): Append => {
    const clientMsgId = random.uuid();
    const content = { text: `much ${number}` };
    const body = {
      type: 'new_message' as const,
      message_id: makeMessageId(BigInt(number + 1)),
      client_msg_id: clientMsgId,
      content,
    };
    return { conversationId, author, createdAt: world.clock.now(), body, clientMsgId, fingerprint: `much ${number}` };
  };
  // What the device may hold already is changed as well, before it is out of reach of a replay.
  const { entries } = await messageLog.readAfter(conversationId, 0, 200);
  const onto = (seq: number): Append => {
    const clientMsgId = random.uuid();
    const body = {
      type: 'reaction' as const,
      target_seq: seq,
      emoji: '🎈',
      action: 'added' as const,
      client_msg_id: clientMsgId,
    };
    return { conversationId, author, createdAt: world.clock.now(), body, clientMsgId, fingerprint: `balloon ${seq}` };
  };
  const reactions = entries.filter(({ type }) => type === 'new_message').map(({ seq }) => onto(seq));
  await messageLog.append([...reactions, ...Array.from({ length: ENTRIES }, (_, number) => one(number))]);
}
