import type { ClientEnvironment, Socket, SocketListener } from '@parley/client';
import { SimulatedLine } from './simulated-line.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { OwnedClock } from './simulation-clock.ts';
import { never, type World } from './world.ts';

/** What the network knows of a device. */
export interface NetworkUser {
  readonly name: string;
  readonly clock: OwnedClock;
  /** A proxy on the way lets no WebSocket through. */
  readonly blocksWebSockets: boolean;
}

const UNREACHABLE_CODE = 1006;
const LATE_ANSWER_MS = 1_000;
const LOST_REQUEST_MS = 2_000;

/** Everything between devices and nodes: a balancer that picks a node, lines that are cut, requests and answers that are lost. */
export class SimulatedNetwork {
  readonly #world: World;
  readonly #nodes: () => readonly SimulatedNode[];
  readonly lines = new Map<SimulatedLine, NetworkUser>();
  /** Devices without a network, by name. */
  readonly #offline = new Set<string>();
  #opened = 0;
  readonly #stuckTo = new Map<string, SimulatedNode>();

  constructor(world: World, nodes: () => readonly SimulatedNode[]) {
    this.#world = world;
    this.#nodes = nodes;
  }

  environment(user: NetworkUser, stream: number, report: (error: unknown) => void): ClientEnvironment {
    const random = this.#world.stream(stream);
    const { clock, name, blocksWebSockets } = user;
    // The clock of this life: a device that starts again has another one.
    const life: NetworkUser = { name, clock, blocksWebSockets };
    return {
      now: () => clock.now(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      random: () => random.fraction(),
      uuid: () => random.uuid(),
      fetch: (url, init) => this.#fetch(life, url, init),
      createSocket: (_, subprotocol, listener) => this.#connect(life, subprotocol, listener),
      report,
    };
  }

  setOffline(name: string, isOffline: boolean): void {
    if (!isOffline) this.#offline.delete(name);
    else {
      this.#offline.add(name);
      for (const line of this.linesOf(name)) line.cut();
    }
  }

  isOffline(name: string): boolean {
    return this.#offline.has(name);
  }

  linesOf(name: string): SimulatedLine[] {
    this.#forgetCut();
    return [...this.lines].filter(([, user]) => user.name === name).map(([line]) => line);
  }

  /** Lines that are dead without their devices having noticed. */
  get unnoticed(): SimulatedLine[] {
    return [...this.lines.keys()].filter((line) => line.isUnnoticed);
  }

  linesTo(node: SimulatedNode): SimulatedLine[] {
    this.#forgetCut();
    return [...this.lines.keys()].filter((line) => line.node === node);
  }

  #forgetCut(): void {
    for (const line of [...this.lines.keys()]) if (!line.isOpen) this.lines.delete(line);
  }

  #pickNode(): SimulatedNode | undefined {
    const open = this.#nodes().filter((node) => node.isOpen && node.isAlive);
    return open[this.#world.chances.line.below(Math.max(1, open.length))];
  }

  /** HTTP requests of a device go to the same node for as long as it is there: a long-poll session lives on one node. */
  #stickyNode({ name }: NetworkUser): SimulatedNode | undefined {
    const known = this.#stuckTo.get(name);
    if (known?.isAlive && known.isOpen) return known;
    const node = this.#pickNode();
    if (node !== undefined) this.#stuckTo.set(name, node);
    return node;
  }

  #connect(user: NetworkUser, subprotocol: string, listener: SocketListener): Socket {
    const node = this.#pickNode();
    if (node === undefined || user.blocksWebSockets || this.#offline.has(user.name)) {
      user.clock.after(5, () => listener.onClosed(UNREACHABLE_CODE));
      return { send: () => undefined, close: () => undefined };
    }
    this.#opened += 1;
    const line = new SimulatedLine({
      world: this.#world,
      node,
      owner: user,
      subprotocol,
      listener,
      number: this.#opened,
    });
    this.#forgetCut();
    this.lines.set(line, user);
    return line;
  }

  /** Rejects as `fetch` does when no answer comes. What happened on the server then is for the store to say. */
  #fetch(user: NetworkUser, url: string, init: RequestInit): Promise<Response> {
    if (user.clock.isDead) return never();
    return new Promise<Response>((resolve, reject) => {
      const fail = (): void => {
        if (!user.clock.isDead) reject(new TypeError('The simulated network gave no answer.'));
      };
      init.signal?.addEventListener('abort', fail, { once: true });
      void this.#exchange(user, url, init).then((answer) => {
        if (answer === undefined) fail();
        else if (!user.clock.isDead) resolve(answer);
      });
    });
  }

  async #exchange(user: NetworkUser, url: string, init: RequestInit): Promise<Response | undefined> {
    const { weather, chances, clock } = this.#world;
    const node = this.#stickyNode(user);
    if (node === undefined || this.#offline.has(user.name)) return this.#lateNothing(5);
    const isLost = weather.requestLost > 0 && chances.line.fraction() < weather.requestLost;
    if (isLost) return this.#lateNothing(chances.line.below(LOST_REQUEST_MS));
    await this.#pause();
    if (!node.isAlive) return undefined;
    const { pathname, search } = new URL(url);
    // The casts hold: the client gives headers as a record and bodies as text.
    const headers = init.headers as Record<string, string>;
    const answer = await this.#atNode(node, init.method ?? 'GET', pathname + search, headers, init.body as string);
    const isAnswerLost = weather.answerLost > 0 && chances.line.fraction() < weather.answerLost;
    if (answer === undefined || isAnswerLost) return this.#lateNothing(chances.line.below(LOST_REQUEST_MS));
    await this.#pause();
    const isLate = weather.answerLate > 0 && chances.line.fraction() < weather.answerLate;
    if (isLate) await new Promise<void>((resolve) => void clock.after(chances.line.below(LATE_ANSWER_MS), resolve));
    if (this.#offline.has(user.name)) return undefined;
    // The cast holds as far as the client goes: it reads the status and the text.
    return { status: answer.status, text: async () => answer.text } as Response;
  }

  async #atNode(node: SimulatedNode, method: string, path: string, headers: Record<string, string>, body: string) {
    const { clock } = this.#world;
    clock.requestsUnderWay += 1;
    const died = new Promise<undefined>((resolve) => {
      const look = (): void => {
        if (!node.isAlive) resolve(undefined);
        else if (isWaiting) clock.after(500, look);
      };
      clock.after(500, look);
    });
    let isWaiting = true;
    try {
      return await Promise.race([node.request(method, path, headers, body), died]);
    } finally {
      isWaiting = false;
      clock.requestsUnderWay -= 1;
    }
  }

  #pause(): Promise<void> {
    const { clock, weather, chances } = this.#world;
    return new Promise((resolve) => void clock.after(1 + chances.line.below(weather.lineDelayMs), resolve));
  }

  #lateNothing(ms: number): Promise<undefined> {
    return new Promise((resolve) => void this.#world.clock.after(ms, () => resolve(undefined)));
  }
}
