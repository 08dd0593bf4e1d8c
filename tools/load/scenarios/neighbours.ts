import type { Seat } from '../driver/plan.ts';
import type { World, WorldPlan } from '../world/world.ts';
import { laneTo, parleySeat } from './seats.ts';

/** People in blocks: everybody has a direct conversation with others of the own block, so that a block and all its deliveries stay in one driver process. */
export interface Neighbourhood {
  readonly plan: WorldPlan;
  readonly block: number;
  seats(world: World): Seat[];
}

/** `clients` people with `conversations` direct conversations among them, as evenly as whole numbers allow. */
export function neighbourhood(clients: number, conversations: number, block: number): Neighbourhood {
  // Everybody starts one with the next `reach` people of the block, in a ring.
  const reach = Math.min(Math.max(1, Math.round(conversations / clients)), Math.floor((block - 1) / 2));
  const directs: (readonly [number, number])[] = [];
  const lanesOf: number[][] = Array.from({ length: clients }, () => []);
  for (let person = 0; person < clients; person += 1) {
    const first = person - (person % block);
    const size = Math.min(block, clients - first);
    for (let step = 1; step <= reach && step < size; step += 1) {
      const other = first + ((person - first + step) % size);
      lanesOf[person]?.push(directs.length);
      lanesOf[other]?.push(directs.length);
      directs.push([person, other]);
    }
  }
  return {
    plan: { people: clients, directs },
    block,
    seats: (world) =>
      lanesOf.map((lanes, seat) =>
        parleySeat(
          world,
          seat,
          seat,
          lanes.map((direct) => laneTo(world.directs[direct], 1)),
        ),
      ),
  };
}
