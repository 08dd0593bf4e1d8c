import type { UserId } from '@parley/protocol';
import type { HistoryLine, LineOf } from './history.ts';

const SLEEP_MS = 86_400_000;

interface Sharing {
  /** Requests to share again of which nobody can say that they are not in force. */
  readonly open: Set<number>;
  /** Index of the last line by which sharing may have begun. */
  mayShareFrom: number;
  /** Since when it is known that nothing is shared. */
  hiddenSince: number | undefined;
}

/** What users do not share for certain (PRES-3, RCPT-4): they asked for it, were told that it is done, and have not asked for the contrary since. Reads the history line by line. */
export class Privacy {
  readonly #ops = new Map<number, { readonly invoke: LineOf<'invoke'>; readonly line: number }>();
  readonly #sharing = new Map<string, Sharing>();
  #lastAt = 0;

  take(line: HistoryLine, index: number): void {
    // Everything slept: what was on its way before has its time from now on.
    if (line.at - this.#lastAt > SLEEP_MS)
      for (const sharing of this.#sharing.values())
        if (sharing.hiddenSince !== undefined) sharing.hiddenSince = line.at;
    this.#lastAt = line.at;
    if (line.type === 'invoke' && line.verb === 'privacy') {
      this.#ops.set(line.op, { invoke: line, line: index });
      const { what, isShared } = choiceOf(line);
      if (isShared) {
        const sharing = this.#of(line.user, what);
        sharing.hiddenSince = undefined;
        sharing.open.add(line.op);
      }
    }
    const asked = line.type === 'answer' ? this.#ops.get(line.op) : undefined;
    if (line.type !== 'answer' || asked === undefined || line.outcome === 'unknown') return;
    const { what, isShared } = choiceOf(asked.invoke);
    const sharing = this.#of(asked.invoke.user, what);
    if (isShared) {
      sharing.open.delete(line.op);
      if (line.outcome === 'ok') sharing.mayShareFrom = index;
    } else if (line.outcome === 'ok' && sharing.open.size === 0 && sharing.mayShareFrom < asked.line)
      sharing.hiddenSince ??= line.at;
  }

  /** Time of the history, or undefined: it may be shared. */
  hiddenSince(user: UserId, what: 'read_receipts' | 'last_seen'): number | undefined {
    return this.#sharing.get(`${user} ${what}`)?.hiddenSince;
  }

  #of(user: UserId, what: string): Sharing {
    const id = `${user} ${what}`;
    const sharing = this.#sharing.get(id) ?? { open: new Set(), mayShareFrom: -1, hiddenSince: undefined };
    this.#sharing.set(id, sharing);
    return sharing;
  }
}

function choiceOf({ text = '' }: LineOf<'invoke'>): { readonly what: string; readonly isShared: boolean } {
  const [what = '', choice] = text.split(' ');
  return { what, isShared: choice === 'on' || choice === 'everyone' };
}
