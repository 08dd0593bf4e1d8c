import { backOffMs } from '../connection/back-off.ts';
import type { ClientEnvironment } from '../environment.ts';
import { type ClientState, emptyState, type HeldConversation } from '../store/state.ts';
import type { Store } from '../store/store.ts';
import { newestOf } from '../store/timeline.ts';
import { NotWriterError, type StateChanges, type StateStorage, type StoredState } from './state-storage.ts';

/** Quick successive changes are saved together. */
const SAVE_AFTER_MS = 100;
/** Of each timeline, so much is kept for opening without a connection. */
const STORED_ITEMS_MAX = 100;

/** Saves what changed, one save at a time, and tells what is durable. */
export class StateSaver {
  readonly #environment: ClientEnvironment;
  readonly #store: Store;
  readonly #storage: StateStorage;
  readonly #onSaved: (state: ClientState) => void;
  #saved: ClientState = emptyState;
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    environment: ClientEnvironment,
    store: Store,
    storage: StateStorage,
    onSaved: (state: ClientState) => void,
  ) {
    this.#environment = environment;
    this.#store = store;
    this.#storage = storage;
    this.#onSaved = onSaved;
  }

  /** What the storage holds at the start. */
  begin(stored: ClientState): void {
    this.#saved = stored;
  }

  changed(): void {
    if (this.#cancelTimer !== undefined || changesBetween(this.#saved, this.#store.getSnapshot()) === undefined) return;
    this.#saveAfter(SAVE_AFTER_MS);
  }

  /** Saves now what is not saved yet. Never throws: a failed save is reported and repeated. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Forgets everything that was saved, after a save that is under way. */
  clear(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const clearing = this.#saving.then(() => {
      this.#saved = emptyState;
      return this.#storage.clear().catch((error: unknown) => {
        // The tab that writes forgets what it has stored.
        if (!(error instanceof NotWriterError)) throw error;
      });
    });
    this.#saving = clearing.catch(this.#environment.report);
    return clearing;
  }

  /** Another tab saves from now on. */
  end(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #saveAfter(delayMs: number): void {
    this.#cancelTimer = this.#environment.after(delayMs, () => void this.flush());
  }

  async #save(): Promise<void> {
    const state = this.#store.getSnapshot();
    const changes = changesBetween(this.#saved, state);
    if (changes === undefined) return;
    try {
      await this.#storage.save(changes);
    } catch (error) {
      if (error instanceof NotWriterError) return;
      this.#environment.report(error);
      this.#failures += 1;
      if (this.#cancelTimer === undefined)
        this.#saveAfter(SAVE_AFTER_MS + backOffMs(this.#failures, this.#environment.random()));
      return;
    }
    this.#failures = 0;
    this.#saved = state;
    this.#onSaved(state);
    this.changed();
  }
}

/** Undefined: nothing to save. States share what did not change, so comparing references is enough. */
function changesBetween(before: ClientState, after: ClientState): StateChanges | undefined {
  if (after.epoch === null || after.me === null) return undefined;
  const isSame =
    before.conversations === after.conversations &&
    before.users === after.users &&
    before.userSeq === after.userSeq &&
    before.me === after.me &&
    before.epoch === after.epoch &&
    before.moreConversations === after.moreConversations;
  if (isSame) return undefined;
  return {
    header: {
      epoch: after.epoch,
      userSeq: after.userSeq,
      me: after.me,
      moreConversations: after.moreConversations,
    },
    conversations: Object.entries(after.conversations)
      .filter(([id, held]) => before.conversations[id] !== held)
      .map(([, held]) => shortened(held)),
    users: Object.entries(after.users).flatMap(([id, user]) => (before.users[id] === user ? [] : [user])),
    removedConversationIds: Object.keys(before.conversations).filter((id) => after.conversations[id] === undefined),
  };
}

/** Only the window at the head is kept: an older one would be there without what lies between. */
function shortened(held: HeldConversation): HeldConversation {
  const newest = held.timeline.ranges.at(-1);
  if (newest?.to !== held.resource.head_seq) return { ...held, timeline: { ranges: [], items: [] } };
  const items = held.timeline.items.filter((item) => item.seq >= newest.from);
  return { ...held, timeline: newestOf({ ranges: [newest], items }, STORED_ITEMS_MAX) };
}

export async function storedStateOf(storage: StateStorage): Promise<ClientState> {
  const stored = await storage.load();
  return stored === undefined ? emptyState : stateOfStored(stored);
}

function stateOfStored(stored: StoredState): ClientState {
  const { epoch, userSeq, me, moreConversations } = stored.header;
  return {
    ...emptyState,
    epoch,
    userSeq,
    me,
    moreConversations,
    conversations: Object.fromEntries(
      stored.conversations.map((held) => {
        const { conversation_id: id, head_seq: nobodyGoneSince } = held.resource;
        // Versions of before stored no such place; the latest that it can be is always right.
        return [id, { ...held, nobodyGoneSince }];
      }),
    ),
    users: Object.fromEntries(stored.users.map((user) => [user.user_id, user])),
  };
}
