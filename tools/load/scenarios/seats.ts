import { type ConversationId, WEBSOCKET_PATH } from '@parley/protocol';
import type { Lane, Seat } from '../driver/plan.ts';
import type { World } from '../world/world.ts';

/** A seat of Parley for a person of a world. */
export function parleySeat(world: World, seat: number, person: number, lanes: readonly Lane[]): Seat {
  const citizen = world.people[person];
  if (citizen === undefined) throw new Error(`There is no person ${person} in this world.`);
  const { token, userSeq } = citizen;
  return { seat, path: WEBSOCKET_PATH, login: { token, epoch: world.epoch, userSeq }, lanes };
}

export function laneTo(conversationId: ConversationId | undefined, recipients: number): Lane {
  if (conversationId === undefined) throw new Error('There is no such conversation in this world.');
  return { conversationId, recipients };
}
