import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import {
  type AccessClaims,
  type Broker,
  type Clock,
  type Core,
  createIds,
  defaultSettings,
  publishUserEntries,
  type Settings,
  type Stores,
  type TokenSigner,
} from '@parley/core';
import { createGateway } from '@parley/gateway';
import {
  MemoryBroker,
  MemoryOneTimeSecrets,
  MemoryPresenceStore,
  MemoryRateLimiter,
  openMemoryStores,
} from '@parley/memory';
import { createRest } from '@parley/rest';
import { collectLog, nodeDigest, SeededRandom } from '@parley/testkit';
import { type Client, createClient } from '../src/client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import { type ClientEnvironment, defaultEnvironment } from '../src/environment.ts';
import type { ClientState } from '../src/store/state.ts';

/** Readable tokens: who signs them makes no difference to a client. */
const openTokens: TokenSigner = {
  sign: async (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url'),
  verify: async (token, at) => {
    // The cast holds: the client only has tokens that were made above.
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as AccessClaims;
    return claims.expiresAt > at ? { kind: 'valid', claims } : { kind: 'expired' };
  },
};

const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A broker that loses events: a hint, as its port says. */
const losing = (broker: Broker, loses: () => boolean): Broker => ({
  publish: (topic, event) => (loses() ? undefined : broker.publish(topic, event)),
  subscribe: (topic, onEvent) => broker.subscribe(topic, onEvent),
});

/** Gateway, HTTP edge and core over the memory stores, on a port of this machine. The stores outlive `stop`. */
export class RealServer {
  readonly stores: Stores = openMemoryStores();
  readonly #settings: Partial<Settings>;
  readonly #sockets = new Set<TcpSocket>();
  readonly #clients: Client[] = [];
  /** Whether the next event of the broker is lost. */
  losesEvent: () => boolean = () => false;
  #port = 0;
  #stop: (() => Promise<void>) | undefined;

  constructor(settings: Partial<Settings> = {}) {
    this.#settings = {
      writesPerMinute: 0,
      requestsPerMinute: 0,
      connectionsPerMinute: 0,
      receiptMergeMs: 5,
      ...settings,
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const random = new SeededRandom(this.#port + 1);
    const settings = { ...defaultSettings, ...this.#settings };
    const core: Core = {
      ...this.stores,
      broker: losing(new MemoryBroker(), () => this.losesEvent()),
      presenceStore: new MemoryPresenceStore({ timeToLiveMs: settings.presenceTtlMs }),
      oneTimeSecrets: new MemoryOneTimeSecrets(),
      rateLimiter: new MemoryRateLimiter(),
      passwordHasher: { hash: async (password) => password, verify: async (hash, password) => hash === password },
      tokenSigner: openTokens,
      codeSender: { send: async () => undefined },
      clock: systemClock,
      random,
      digest: nodeDigest,
      log: collectLog(),
      settings,
      ids: createIds({ clock: systemClock, random, nodeNumber: 1 }),
      startedAt: Date.now(),
    };
    publishUserEntries(core);
    const gateway = createGateway(core, { version: '1.2.3' });
    const rest = createRest(core, {
      version: '1.2.3',
      features: ['long_poll'],
      origins: [],
      trustedProxies: [],
      poll: gateway.poll,
      readiness: async () => [{ name: 'store', ready: true }],
      checkResponses: true,
    });
    rest.server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));
    rest.server.on('connection', (socket: TcpSocket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await rest.listen({ host: '127.0.0.1', port: this.#port });
    // The cast holds: a TCP server that listens has an address with a port.
    this.#port = (rest.server.address() as AddressInfo).port;
    this.#stop = async () => {
      this.cutAll();
      await gateway.drain(0);
      await rest.close();
    };
  }

  /** As a crash: lines are cut, nothing is said. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    await this.#stop?.();
    this.#stop = undefined;
  }

  /** Ends all clients and the server. */
  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    await this.stop();
  }

  /** A new account on a new device, live. */
  async join(username: string, options: Partial<ClientOptions> = {}): Promise<Client> {
    const client = await this.#client(options);
    const password = `${username}-password`;
    await client.register({ name: username, username, password, device_name: 'first' });
    client.connect();
    await until(client, isLive);
    return client;
  }

  /** One more device of an account, live. */
  async login(username: string, options: Partial<ClientOptions> = {}): Promise<Client> {
    const client = await this.#client(options);
    await client.login({ identifier: username, password: `${username}-password`, device_name: 'another' });
    client.connect();
    await until(client, isLive);
    return client;
  }

  async #client(options: Partial<ClientOptions>): Promise<Client> {
    const client = await createClient({ url: this.url, environment: quick(), ...options });
    this.#clients.push(client);
    return client;
  }
}

/** The real world, with the luck to wait shortly. */
export const quick = (change: Partial<ClientEnvironment> = {}): ClientEnvironment => ({
  ...defaultEnvironment,
  random: () => 0.01,
  ...change,
});

export const isLive = (state: ClientState): boolean => state.status.kind === 'live';

/** Resolves when the state is so; the test's own deadline ends what never comes. */
export function until(client: Client, isSo: (state: ClientState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isSo(client.store.getSnapshot())) return resolve();
    const unsubscribe = client.store.subscribe(() => {
      if (!isSo(client.store.getSnapshot())) return;
      unsubscribe();
      resolve();
    });
  });
}
