import type {
  OutboxRow,
  OutboxStorage,
  StateChanges,
  StateStorage,
  StoredSession,
  StoredState,
  TokenStorage,
} from '@parley/client';
import { MemoryOutboxStorage, MemoryStateStorage } from '@parley/client';
import type { OwnedClock } from './simulation-clock.ts';
import { never, type World } from './world.ts';

/** What survives on a device when its app is killed. */
export interface Disk {
  readonly outbox: MemoryOutboxStorage;
  readonly state: MemoryStateStorage;
  session: StoredSession | undefined;
}

export const emptyDisk = (session: StoredSession): Disk => ({
  outbox: new MemoryOutboxStorage(),
  state: new MemoryStateStorage(),
  session,
});

export interface DiskStorages {
  readonly outbox: OutboxStorage;
  readonly storage: StateStorage;
  readonly tokens: TokenStorage;
}

const WRITE_MS_MAX = 6;

/** The disk as one life of the app has it: writes take time, in order; one that is under way when the app is killed never reaches the disk. */
export function openDisk(world: World, clock: OwnedClock, disk: Disk): DiskStorages {
  let last: Promise<unknown> = Promise.resolve();
  const write = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last
      .then(() => new Promise<void>((resolve) => void clock.after(world.chances.line.below(WRITE_MS_MAX), resolve)))
      .then(() => (clock.isDead ? never<T>() : work()));
    last = done;
    return done;
  };
  const read = <T>(work: () => Promise<T>): Promise<T> => (clock.isDead ? never<T>() : work());
  let exclusive: Promise<unknown> = Promise.resolve();
  return {
    outbox: {
      put: (row: OutboxRow) => write(() => disk.outbox.put(row)),
      remove: (key: string) => write(() => disk.outbox.remove(key)),
      list: () => read(() => disk.outbox.list()),
    },
    storage: {
      load: (): Promise<StoredState | undefined> => read(() => disk.state.load()),
      save: (changes: StateChanges) => write(() => disk.state.save(changes)),
      clear: () => write(() => disk.state.clear()),
    },
    tokens: {
      load: () => read(async () => disk.session),
      save: (session) =>
        write(async () => {
          disk.session = session;
        }),
      clear: () =>
        write(async () => {
          disk.session = undefined;
        }),
      exclusively: (work) => {
        const run = exclusive.then(work);
        exclusive = run.catch(() => undefined);
        return run;
      },
    },
  };
}
