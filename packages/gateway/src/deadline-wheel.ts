import type { Clock } from '@parley/core';

/** Something that must be looked at not later than a time that it names itself. */
export interface Watched {
  /** Where it hangs in the wheel; -1: nowhere. Belongs to the wheel. */
  wheelSlot: number;
  /** Acts on what is overdue at `now` and returns when to look again (Unix ms), or null when it is over. */
  checkDeadlines(now: number): number | null;
}

const TICK_MS = 1_000;
const SLOTS = 64;

/**
 * One timer for the deadlines of all connections: a ring of one-second slots. An item hangs in the slot of its next deadline; one further away than the ring is looked
 * at once a round. Traffic moves deadlines without touching the wheel: the item answers for itself when its slot comes. At most a second late.
 */
export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #slots: Set<Watched>[] = Array.from({ length: SLOTS }, () => new Set<Watched>());
  #tick: number;
  #cancel: () => void;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tick = Math.floor(clock.now() / TICK_MS);
    this.#cancel = clock.after(TICK_MS, this.#turn);
  }

  add(item: Watched, dueAt: number): void {
    this.remove(item);
    const ticks = Math.ceil(dueAt / TICK_MS) - this.#tick;
    item.wheelSlot = (this.#tick + Math.min(Math.max(ticks, 1), SLOTS - 1)) % SLOTS;
    this.#slots[item.wheelSlot]?.add(item);
  }

  remove(item: Watched): void {
    this.#slots[item.wheelSlot]?.delete(item);
    item.wheelSlot = -1;
  }

  stop(): void {
    this.#cancel();
  }

  readonly #turn = (): void => {
    const now = this.#clock.now();
    const last = Math.floor(now / TICK_MS);
    // After a long sleep of the machine one round over all slots is enough. A clock that was set back would else have to catch up before anything is looked at again.
    if (last < this.#tick || this.#tick < last - SLOTS) this.#tick = last - SLOTS;
    while (this.#tick < last) {
      this.#tick += 1;
      this.#visit(this.#tick % SLOTS, now);
    }
    this.#cancel = this.#clock.after(TICK_MS, this.#turn);
  };

  #visit(slot: number, now: number): void {
    const due = this.#slots[slot];
    if (due === undefined || due.size === 0) return;
    this.#slots[slot] = new Set();
    for (const item of due) {
      item.wheelSlot = -1;
      const next = item.checkDeadlines(now);
      if (next !== null) this.add(item, next);
    }
  }
}
