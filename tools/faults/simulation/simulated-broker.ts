import type { Broker, BrokerEvent, Topic } from '@parley/core';
import type { OwnedClock } from './simulation-clock.ts';
import { never, type World } from './world.ts';

interface Listener {
  readonly clock: OwnedClock;
  readonly onEvent: (event: BrokerEvent) => void;
}

/** Carries events between nodes and keeps no promise: loses, repeats, delays and so reorders them as the weather has it. */
export class SimulatedBroker {
  readonly #world: World;
  readonly #listeners = new Map<Topic, Set<Listener>>();
  /** Nodes that hear nothing and are not heard by others. */
  readonly #cutOff = new Set<OwnedClock>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The broker as one node has it. */
  endpoint(clock: OwnedClock): Broker {
    return {
      publish: (topic, event) => this.#publish(clock, topic, event),
      subscribe: async (topic, onEvent) => {
        if (clock.isDead) return never();
        const listeners = this.#listeners.get(topic) ?? new Set();
        const listener: Listener = { clock, onEvent };
        this.#listeners.set(topic, listeners.add(listener));
        return () => {
          listeners.delete(listener);
        };
      },
    };
  }

  cutOff(clock: OwnedClock, isCutOff: boolean): void {
    if (isCutOff) this.#cutOff.add(clock);
    else this.#cutOff.delete(clock);
  }

  #publish(from: OwnedClock, topic: Topic, event: BrokerEvent): void {
    if (from.isDead) return;
    const { weather, chances, clock } = this.#world;
    const chance = chances.broker;
    for (const listener of this.#listeners.get(topic) ?? []) {
      if (listener.clock.isDead) continue;
      const isApart = listener.clock !== from && (this.#cutOff.has(from) || this.#cutOff.has(listener.clock));
      const isLost = weather.brokerLoses > 0 && chance.fraction() < weather.brokerLoses;
      const times = weather.brokerRepeats > 0 && chance.fraction() < weather.brokerRepeats ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const delayMs = chance.below(weather.brokerDelayMs);
        if (isApart || isLost) continue;
        clock.after(delayMs, () => {
          if (listener.clock.isDead || this.#listeners.get(topic)?.has(listener) !== true) return;
          listener.onEvent(event);
        });
      }
    }
  }
}
