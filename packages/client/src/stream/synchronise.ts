import { type Command, LIMITS, type Position } from '@parley/protocol';
import type { Asking, Reply } from '../connection/replies.ts';
import type { ClientState } from '../store/state.ts';
import type { Store } from '../store/store.ts';

/** A device that is told to start anew twice in a row comes back later. */
const SYNCS_MAX = 3;

/**
 * SYNC-4: tells the server what the device holds and gets the rest, or, where that is of no use, takes a snapshot and tells again. True: everything
 * that the server knew is here. The replayed events themselves arrive as frames.
 */
export async function synchronise(
  store: Store,
  takeSnapshot: () => Promise<void>,
  ask: (command: Asking) => Promise<Reply | 'lost'>,
  tell: (command: Command) => void,
): Promise<boolean> {
  if (store.getSnapshot().epoch === null) await takeSnapshot();
  for (let syncs = 0; syncs < SYNCS_MAX; syncs += 1) {
    const reply = await askSync(store.getSnapshot(), ask, tell);
    if (reply === 'lost') return false;
    if (reply.type === 'resumed') return true;
    if (reply.type !== 'resync_required') return false;
    await takeSnapshot();
  }
  return false;
}

function askSync(
  state: ClientState,
  ask: (command: Asking) => Promise<Reply | 'lost'>,
  tell: (command: Command) => void,
): Promise<Reply | 'lost'> {
  const { epoch, userSeq } = state;
  const sync = { type: 'sync', epoch: epoch ?? '', user_seq: userSeq } as const;
  const positions = positionsOf(state);
  // SYNC-9. Only the last has an answer that is waited for; replies count from 1, so 0 is nobody's.
  while (positions.length > LIMITS.syncPositionsMax)
    tell({ ...sync, id: 0, positions: positions.splice(0, LIMITS.syncPositionsMax), more: true });
  return ask({ ...sync, positions });
}

/** Channels are live only while they are open (SYNC-11): `subscribe` tells their place. */
const positionsOf = (state: ClientState): Position[] =>
  Object.values(state.conversations)
    .filter(({ resource }) => resource.kind !== 'channel')
    .map(({ resource }) => ({ conversation_id: resource.conversation_id, seq: resource.head_seq }));
