import type { Edge } from './edge.ts';

const BATCH = 1_000;

/** PRES-1: tells the presence store that the connections of this node are alive, three times within the time after which it forgets them. */
export function startPresenceHeartbeat(edge: Edge): () => void {
  const { clock, presenceStore, settings } = edge.core;
  let cancel = (): void => undefined;
  const touchAll = async (): Promise<void> => {
    const alive = edge.connections
      .all()
      .flatMap(({ id, actor }) => (actor === undefined ? [] : [{ userId: actor.userId, connectionId: id }]));
    for (let first = 0; first < alive.length; first += BATCH)
      await presenceStore.touch(alive.slice(first, first + BATCH), clock.now());
  };
  const next = (): void => {
    cancel = clock.after(settings.presenceTtlMs / 3, () => {
      edge.supervise('gateway.presence_failed', touchAll());
      next();
    });
  };
  next();
  return () => cancel();
}
