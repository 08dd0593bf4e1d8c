import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AccessClaims,
  type Broker,
  type Core,
  createIds,
  defaultSettings,
  publishUserEntries,
  type Settings,
  type Stores,
  type TokenSigner,
} from '@parley/core';
import {
  MemoryBroker,
  MemoryOneTimeSecrets,
  MemoryPresenceStore,
  MemoryRateLimiter,
  openMemoryStores,
} from '@parley/memory';
import { Builders, collectLog, FakeClock, nodeDigest, SeededRandom } from '@parley/testkit';
import { createGateway, type Gateway, type GatewayOptions } from '../src/index.ts';

/** Readable tokens: what is tested here is what the gateway does with a verdict, not how one is reached. */
export const openTokens: TokenSigner = {
  sign: async (claims) => JSON.stringify(claims),
  verify: async (token, at) => {
    // The cast holds for tokens made above; anything else fails to parse or has no expiry.
    const claims = parse(token) as AccessClaims | undefined;
    if (claims?.expiresAt === undefined) return { kind: 'invalid' };
    return claims.expiresAt > at ? { kind: 'valid', claims } : { kind: 'expired' };
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface TestNodeOptions {
  readonly stores?: Stores;
  readonly broker?: Broker;
  readonly clock?: FakeClock;
  readonly settings?: Partial<Settings>;
  readonly gateway?: Partial<GatewayOptions>;
}

/** A gateway on a loopback port over the memory engine, in a time that stands still. */
export interface TestNode {
  readonly url: string;
  readonly port: number;
  readonly core: Core;
  readonly clock: FakeClock;
  readonly gateway: Gateway;
  readonly build: Builders;
  readonly log: ReturnType<typeof collectLog>;
  close(): Promise<void>;
}

export async function startNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const clock = options.clock ?? new FakeClock();
  const random = new SeededRandom(11);
  const log = collectLog();
  const stores = options.stores ?? openMemoryStores();
  const settings = {
    ...defaultSettings,
    writesPerMinute: 0,
    requestsPerMinute: 0,
    connectionsPerMinute: 0,
    ...options.settings,
  };
  const core: Core = {
    ...stores,
    broker: options.broker ?? new MemoryBroker(),
    presenceStore: new MemoryPresenceStore({ timeToLiveMs: settings.presenceTtlMs }),
    oneTimeSecrets: new MemoryOneTimeSecrets(),
    rateLimiter: new MemoryRateLimiter(),
    passwordHasher: { hash: async (password) => password, verify: async (hash, password) => hash === password },
    tokenSigner: openTokens,
    codeSender: { send: async () => undefined },
    clock,
    random,
    digest: nodeDigest,
    log,
    settings,
    ids: createIds({ clock, random, nodeNumber: 1 }),
    startedAt: clock.now(),
  };
  publishUserEntries(core);
  const gateway = createGateway(core, { version: '1.2.3', ...options.gateway });
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));
  const port = await listen(server);
  return {
    url: `ws://127.0.0.1:${port}/api/v1/ws`,
    port,
    core,
    clock,
    gateway,
    build: new Builders(stores),
    log,
    close: async () => {
      const drained = gateway.drain(0);
      await clock.advance(1);
      await drained;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // The cast holds: a TCP server that listens has an address with a port.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
