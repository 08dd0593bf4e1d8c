import {
  type AccessClaims,
  type Core,
  createIds,
  defaultSettings,
  finishErasing,
  type Log,
  type Ports,
  publishUserEntries,
  type Settings,
  type TokenSigner,
} from '@parley/core';
import { createGateway, type Gateway } from '@parley/gateway';
import { nodeDigest } from '@parley/testkit';
import { giveRestAppBack, type RestApp, takeRestApp } from './rest-app.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { SimulatedEngine } from './simulated-engine.ts';
import { OwnedClock } from './simulation-clock.ts';
import type { World } from './world.ts';

/** What the nodes share beside the store and the broker. */
export type SharedPorts = Pick<Ports, 'presenceStore' | 'oneTimeSecrets' | 'rateLimiter'>;

export interface Cluster {
  readonly world: World;
  readonly engine: SimulatedEngine;
  readonly broker: SimulatedBroker;
  readonly shared: SharedPorts;
}

/** How often topics are compared with their logs; the default of a minute would make every run a minute longer. */
export const REPAIR_INTERVAL_MS = 10_000;

const settings: Settings = {
  ...defaultSettings,
  writesPerMinute: 0,
  conversationWritesPerMinute: 0,
  connectionsPerMinute: 0,
  requestsPerMinute: 0,
  loginAttemptsPerAddress: 1e6,
  registrationsPerAddress: 1e6,
};

/** Readable tokens: real ones would run in threads, whose order no seed decides. */
const readableTokens: TokenSigner = {
  sign: async (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url'),
  verify: async (token, at) => {
    // The cast holds for tokens made above; others do not occur in a simulation.
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as AccessClaims;
    return claims.expiresAt > at ? { kind: 'valid', claims } : { kind: 'expired' };
  },
};

/** One life of one server process: a real core, gateway and HTTP edge over the simulated ports. */
export class SimulatedNode {
  readonly number: number;
  readonly clock: OwnedClock;
  readonly core: Core;
  readonly gateway: Gateway;
  readonly #rest: RestApp;
  /** New connections and requests are taken. */
  isOpen = true;

  private constructor(number: number, clock: OwnedClock, core: Core, gateway: Gateway, rest: RestApp) {
    this.number = number;
    this.clock = clock;
    this.core = core;
    this.gateway = gateway;
    this.#rest = rest;
  }

  static async start(cluster: Cluster, number: number, life: number, skewMs: number): Promise<SimulatedNode> {
    const { world, engine, broker, shared } = cluster;
    const clock = new OwnedClock(world.clock, skewMs);
    const random = world.stream(number * 1_000 + life);
    const core: Core = {
      ...engine.storesFor(clock),
      ...shared,
      broker: broker.endpoint(clock),
      passwordHasher: { hash: async (password) => password, verify: async (hash, password) => hash === password },
      tokenSigner: readableTokens,
      codeSender: { send: async () => undefined },
      clock,
      random,
      digest: nodeDigest,
      log: logOf(world, clock),
      settings,
      ids: createIds({ clock, random, nodeNumber: (number * 100 + life) % 1_024 }),
      startedAt: clock.now(),
    };
    publishUserEntries(core);
    // As the program does at its start: another node may have died in the middle of it.
    void finishErasing(core);
    const gateway = createGateway(core, { repairIntervalMs: REPAIR_INTERVAL_MS });
    const rest = await takeRestApp({ core, gateway });
    return new SimulatedNode(number, clock, core, gateway, rest);
  }

  get isAlive(): boolean {
    return !this.clock.isDead;
  }

  /** SIGKILL: nothing that was under way goes on. */
  kill(): void {
    if (this.clock.isDead) return;
    this.isOpen = false;
    this.clock.kill();
    giveRestAppBack(this.#rest);
  }

  /** SIGTERM: dismisses its clients, then ends. */
  async stop(): Promise<void> {
    this.isOpen = false;
    await this.gateway.drain(10_000);
    this.kill();
  }

  async request(method: string, url: string, headers: Record<string, string>, body: string | undefined) {
    const { app } = this.#rest;
    // The cast holds: the client uses methods of the route table only.
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers,
      remoteAddress: '192.0.2.1',
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, text: answer.payload };
  }
}

/** Warnings are the normal noise of bad weather; an `error` line is something that the server did not expect. */
function logOf(world: World, clock: OwnedClock): Log {
  const quiet = (): void => undefined;
  return {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (event, fields) => {
      if (clock.isDead || isStoreFailure(fields?.error)) return;
      const cause = fields?.error;
      world.write({
        type: 'escaped',
        what: `server log: ${event}: ${cause instanceof Error ? cause.stack : String(cause)}`,
      });
    },
  };
}

const isStoreFailure = (error: unknown): boolean => error instanceof Error && error.name === 'StoreError';
