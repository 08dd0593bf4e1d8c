import type { StoredSession } from '@parley/client';
import { defaultSettings } from '@parley/core';
import { MemoryOneTimeSecrets, MemoryPresenceStore, MemoryRateLimiter } from '@parley/memory';
import type { SessionTokens, UserId } from '@parley/protocol';
import { passwordOf } from '../workload.ts';
import { SimulatedBroker } from './simulated-broker.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { SimulatedEngine } from './simulated-engine.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { type Cluster, SimulatedNode } from './simulated-node.ts';
import { World } from './world.ts';

const ANSWER_WITHIN_MS = 3_000;

/** How large a world is. */
export interface Topology {
  readonly nodes: number;
  readonly users: number;
  /** Of each user. */
  readonly devices: number;
}

/** A whole Parley in one process: nodes, engine, broker, network and devices under one clock. */
export class Simulation {
  readonly world: World;
  readonly engine: SimulatedEngine;
  readonly broker: SimulatedBroker;
  readonly network: SimulatedNetwork;
  readonly devices: SimulatedDevice[] = [];
  readonly users: UserId[] = [];
  nodes: SimulatedNode[] = [];
  readonly #cluster: Cluster;
  readonly #topology: Topology;
  /** Lives of each node so far. */
  readonly #lives = new Map<number, number>();

  constructor(seed: number, topology: Topology) {
    this.world = new World(seed);
    this.#topology = topology;
    this.engine = new SimulatedEngine(this.world);
    this.broker = new SimulatedBroker(this.world);
    this.#cluster = {
      world: this.world,
      engine: this.engine,
      broker: this.broker,
      shared: {
        presenceStore: new MemoryPresenceStore({ timeToLiveMs: defaultSettings.presenceTtlMs }),
        oneTimeSecrets: new MemoryOneTimeSecrets(),
        rateLimiter: new MemoryRateLimiter(),
      },
    };
    this.network = new SimulatedNetwork(this.world, () => this.nodes);
  }

  /** Nodes up, people registered, devices logged in and live. */
  async begin(): Promise<void> {
    const { nodes, users, devices } = this.#topology;
    for (let number = 0; number < nodes; number += 1) await this.startNode(number);
    for (let user = 0; user < users; user += 1)
      for (let device = 0; device < devices; device += 1) await this.#addDevice(user, device);
    for (const device of this.devices) this.inBackground(device.start());
    await this.world.clock.advance(2_000);
  }

  /** A failure of work that nobody waits for is an escape. */
  inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) =>
      this.world.write({ type: 'escaped', what: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  }

  // Nodes

  async startNode(number: number): Promise<void> {
    const life = (this.#lives.get(number) ?? 0) + 1;
    this.#lives.set(number, life);
    // Clocks of nodes differ by up to two seconds.
    const skewMs = this.world.chances.faults.below(4_000) - 2_000;
    const node = await SimulatedNode.start(this.#cluster, number, life, skewMs);
    this.nodes = [...this.nodes.filter((other) => other.number !== number), node];
  }

  startNodeLater(number: number, delayMs: number): void {
    this.world.clock.after(delayMs, () => this.inBackground(this.#startIfMissing(number)));
  }

  async #startIfMissing(number: number): Promise<void> {
    if (!this.nodes.some((node) => node.number === number && node.isOpen && node.isAlive)) await this.startNode(number);
  }

  killNode(node: SimulatedNode, how: 'clients_hear' | 'nobody_hears'): void {
    const lines = this.network.linesTo(node);
    node.kill();
    for (const line of lines)
      if (how === 'clients_hear') line.cut();
      else line.breakSilently();
  }

  stopNode(node: SimulatedNode): void {
    this.inBackground(node.stop());
    this.startNodeLater(node.number, 500);
  }

  async startMissingNodes(): Promise<void> {
    for (let number = 0; number < this.#topology.nodes; number += 1) await this.#startIfMissing(number);
  }

  // Devices

  /** The first device of a user registers, the others log in; done by hand, because nothing is observed yet. */
  async #addDevice(userNumber: number, deviceNumber: number): Promise<void> {
    const how = deviceNumber === 0 ? 'register' : 'login';
    const session = await this.#enter(how, userNumber, deviceNumber);
    if (session === undefined) throw new Error(`The simulation could not ${how}.`);
    if (how === 'register') this.users.push(session.userId);
    this.#install(session, userNumber, deviceNumber);
  }

  /** One more device of somebody, with nothing on its disk but the session. In bad weather there may be none. */
  async logInAgain(user: UserId): Promise<void> {
    const userNumber = this.users.indexOf(user);
    const deviceNumber = this.devices.filter((device) => device.user === user).length;
    const session = await this.#enter('login', userNumber, deviceNumber);
    if (session !== undefined) this.inBackground(this.#install(session, userNumber, deviceNumber).start());
  }

  #install(session: StoredSession, userNumber: number, deviceNumber: number): SimulatedDevice {
    const { chances } = this.world;
    const device = new SimulatedDevice({
      world: this.world,
      network: this.network,
      number: userNumber * 10 + deviceNumber,
      session,
      codec: chances.faults.below(3) === 0 ? 'json' : 'binary',
      blocksWebSockets: chances.faults.below(12) === 0,
      skewMs: chances.faults.below(10) === 0 ? chances.faults.below(7_200_000) - 3_600_000 : 0,
    });
    this.devices.push(device);
    return device;
  }

  async #enter(
    how: 'register' | 'login',
    userNumber: number,
    deviceNumber: number,
  ): Promise<StoredSession | undefined> {
    const username = `user${userNumber}`;
    const common = { password: passwordOf(username), device_name: `Device ${deviceNumber}` };
    const body = how === 'register' ? { ...common, username, name: username } : { ...common, identifier: username };
    const answer = await this.#ask(`/api/v1/auth/${how}`, body);
    if (answer === undefined || answer.status >= 300) return undefined;
    // The cast holds: the server checks its answers against their schemas here.
    const tokens = JSON.parse(answer.text) as SessionTokens;
    return {
      userId: tokens.me.user_id,
      deviceId: tokens.device_id,
      accessToken: tokens.access_token,
      accessExpiresAt: tokens.access_expires_at,
      refreshToken: tokens.refresh_token,
      obtainedAt: this.world.clock.now(),
    };
  }

  /** Undefined: no answer. */
  async #ask(path: string, body: object): Promise<{ readonly status: number; readonly text: string } | undefined> {
    const { clock } = this.world;
    const node = this.nodes.find(({ isOpen, isAlive }) => isOpen && isAlive);
    let answer: { readonly status: number; readonly text: string } | undefined;
    void node?.request('POST', path, { 'content-type': 'application/json' }, JSON.stringify(body)).then((given) => {
      answer = given;
    });
    clock.requestsUnderWay += 1;
    for (let waitedMs = 0; waitedMs < ANSWER_WITHIN_MS && answer === undefined; waitedMs += 100)
      await clock.advance(100);
    clock.requestsUnderWay -= 1;
    return answer;
  }
}
