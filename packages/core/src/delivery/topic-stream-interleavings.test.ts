import type { UserId } from '@parley/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alice, bob, type Listener, listener, StreamWorld, upTo } from '../../test/stream-world.ts';

type Step =
  | { readonly kind: 'write'; readonly copies: number }
  | { readonly kind: 'attach'; readonly userId: UserId; readonly behind: number }
  | { readonly kind: 'detach' | 'remove' | 'fail' };

/** What happens next, and how many waiting things go on after it. */
const step = fc.tuple(
  fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Step> }[]>(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('write' as const), copies: fc.integer({ min: 0, max: 2 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('attach' as const),
        userId: fc.constantFrom(alice, bob),
        behind: fc.integer({ min: 0, max: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('detach' as const, 'remove' as const, 'fail' as const) }),
    },
  ),
  fc.integer({ min: 0, max: 4 }),
);

interface Attached {
  readonly to: Listener;
  readonly from: number;
  left: boolean;
}

/** One run: every read, look-up and event waits until the scheduler lets it go on. */
class Run {
  readonly world = new StreamWorld();
  readonly attached: Attached[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #pending: Promise<unknown>[] = [];
  /** Seq of the removal of alice. */
  removedAt = Number.POSITIVE_INFINITY;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    this.world.wait = () => scheduler.schedule(Promise.resolve());
  }

  async take(step: Step, turns: number): Promise<void> {
    this.#begin(step);
    for (let turn = 0; turn < turns && this.#scheduler.count() > 0; turn += 1) await this.#scheduler.waitOne();
  }

  #begin(step: Step): void {
    const { world } = this;
    switch (step.kind) {
      case 'write':
        this.#publish(world.write(), step.copies);
        break;
      case 'attach': {
        const from = Math.max(0, world.head - step.behind);
        const to = listener(step.userId);
        this.attached.push({ to, from, left: false });
        this.#pending.push(this.#attach(to, from));
        break;
      }
      case 'detach': {
        const leaving = this.attached.find(({ left }) => !left);
        if (leaving === undefined) break;
        leaving.left = true;
        world.stream.detach(leaving.to);
        break;
      }
      case 'remove':
        if (this.removedAt !== Number.POSITIVE_INFINITY) break;
        this.#publish(world.remove(alice), 1);
        this.removedAt = world.head;
        break;
      case 'fail':
        world.failures += 1;
        break;
    }
  }

  #publish(entry: Parameters<StreamWorld['stream']['accept']>[0], copies: number): void {
    for (let copy = 0; copy < copies; copy += 1)
      this.#pending.push(this.#scheduler.schedule(Promise.resolve()).then(() => this.world.stream.accept(entry, null)));
  }

  /** Tries until the log can be read, as a client does. */
  async #attach(to: Listener, from: number): Promise<void> {
    try {
      await this.world.attach(to, from);
    } catch {
      await this.#attach(to, from);
    }
  }

  async finish(): Promise<void> {
    await this.#scheduler.waitIdle();
    await Promise.all(this.#pending);
    this.world.wait = async () => {};
    this.world.stream.checkHead(this.world.head);
    await this.world.clock.advance(60_000);
  }
}

it('[SYNC-3] [HIST-5] any mix of lost, repeated and reordered events, failing reads, attaching, leaving and a removal ends with each subscriber having exactly its range, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 60, size: 'max' }), async (scheduler, steps) => {
      const run = new Run(scheduler);
      for (const [step, turns] of steps) await run.take(step, turns);
      await run.finish();
      for (const { to, from, left } of run.attached) {
        const ends = left || (to.userId === alice && run.removedAt !== Number.POSITIVE_INFINITY);
        expect(to.heard).toEqual(upTo(from, ends ? from + to.heard.length : run.world.head));
        if (to.userId === alice) expect(to.heard.every((seq) => seq < run.removedAt)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
