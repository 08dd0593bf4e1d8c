import { type ConversationId, LIMITS, type UserId } from '@parley/protocol';

/** Tabs that are counted; a profile with more shows the presence of the latest. */
const TABS_MAX = 50;

/** What one tab wants to be live. */
export interface Interest {
  readonly userIds: readonly UserId[];
  readonly channelIds: readonly ConversationId[];
}

/** What all tabs together want to be live. */
export class Interests {
  readonly #byTab = new Map<string, Interest>();

  set(tab: string, interest: Interest): void {
    this.#byTab.delete(tab);
    if (interest.userIds.length > 0 || interest.channelIds.length > 0) this.#byTab.set(tab, interest);
    const [oldest] = this.#byTab.keys();
    if (this.#byTab.size > TABS_MAX && oldest !== undefined) this.#byTab.delete(oldest);
  }

  /** As many as one connection may watch, the latest first. */
  get userIds(): UserId[] {
    const all = [...this.#byTab.values()].reverse().flatMap((interest) => interest.userIds);
    return [...new Set(all)].slice(0, LIMITS.presenceUsersMax);
  }

  get channelIds(): Set<ConversationId> {
    return new Set([...this.#byTab.values()].flatMap((interest) => interest.channelIds));
  }
}
