import { type Actor, done, type Outcome, refused } from '@parley/core';
import type { PollSessions } from '../src/handlers/poll.ts';

type Frame = { readonly [field: string]: unknown; readonly type: string };

/** Long polling without a gateway: every session gets its own commands back. Enough to see that the edge hands over and hands back. */
export class EchoPollSessions implements PollSessions {
  readonly #frames = new Map<string, Frame[]>();

  async open(actor: Actor): ReturnType<PollSessions['open']> {
    this.#frames.set(actor.deviceId, []);
    return done({ cursor: actor.deviceId, frames: [{ type: 'hello' }] });
  }

  async poll(_: Actor, cursor: string): ReturnType<PollSessions['poll']> {
    return this.#with(cursor, (frames) => ({ cursor, frames: [...frames] }));
  }

  async send(_: Actor, cursor: string, frames: readonly Frame[]): Promise<Outcome<undefined>> {
    return this.#with(cursor, (own) => void own.push(...frames));
  }

  async close(_: Actor, cursor: string): Promise<Outcome<undefined>> {
    return this.#with(cursor, () => void this.#frames.delete(cursor));
  }

  #with<T>(cursor: string, use: (frames: Frame[]) => T): Outcome<T> {
    const frames = this.#frames.get(cursor);
    return frames === undefined ? refused('BAD_CURSOR', 'There is no such session; open another.') : done(use(frames));
  }
}
