import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What lies between a device and the server, in user space. */
export interface ProxyWeather {
  /** How long each piece takes, in ms. */
  readonly delayMs: number;
  readonly bytesPerSecond: number;
}

export const FAIR: ProxyWeather = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };

type Direction = 'up' | 'down';

/** One TCP connection through the proxy. */
class Line {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #frozen = new Set<Direction>();
  #thaw: (() => void)[] = [];

  constructor(near: Socket, port: number, weather: () => ProxyWeather, onEnd: (line: Line) => void) {
    this.#near = near;
    this.#far = connect(port, '127.0.0.1');
    this.#pump(near, this.#far, 'up', weather);
    this.#pump(this.#far, near, 'down', weather);
    near.once('close', () => onEnd(this));
  }

  #pump(from: Socket, to: Socket, direction: Direction, weather: () => ProxyWeather): void {
    let passing: Promise<unknown> = Promise.resolve();
    from.setNoDelay(true);
    from.on('data', (piece) => {
      from.pause();
      passing = this.#pass(piece, to, direction, weather()).then(() => from.resume());
    });
    from.on('error', () => undefined);
    // What was on its way arrives before the end does, and a frozen line does not tell of it.
    from.on('close', () => void passing.then(() => this.#untilThawed(direction)).then(() => to.destroy()));
  }

  async #pass(
    piece: Buffer,
    to: Socket,
    direction: Direction,
    { delayMs, bytesPerSecond }: ProxyWeather,
  ): Promise<void> {
    const waitMs = delayMs + (piece.length / bytesPerSecond) * 1_000;
    if (waitMs >= 1) await pause(waitMs);
    await this.#untilThawed(direction);
    if (!to.destroyed && !to.write(piece))
      await new Promise<void>((resolve) => {
        to.once('drain', resolve);
        to.once('close', resolve);
      });
  }

  async #untilThawed(direction: Direction): Promise<void> {
    while (this.#frozen.has(direction)) await new Promise<void>((resolve) => this.#thaw.push(resolve));
  }

  /** Nothing passes any more, and nobody is told. */
  freeze(...directions: readonly Direction[]): void {
    for (const direction of directions) this.#frozen.add(direction);
  }

  get isFrozen(): boolean {
    return this.#frozen.size > 0;
  }

  thaw(): void {
    this.#frozen.clear();
    for (const resolve of this.#thaw.splice(0)) resolve();
  }

  /** Ends both sides, in the middle of whatever is on its way. `reset`: with RST. */
  end(how: 'cut' | 'reset'): void {
    for (const socket of [this.#near, this.#far])
      if (how === 'cut') socket.destroy();
      else socket.resetAndDestroy();
    this.thaw();
  }
}

/** A TCP proxy for one device on a port of this machine; the server behind it may come and go. */
export class TcpProxy {
  readonly #server: Server;
  readonly lines = new Set<Line>();
  weather = FAIR;
  /** New connections are ended at once: the device has no network. */
  isOffline = false;

  private constructor(targetPort: () => number) {
    this.#server = createServer((socket) => {
      if (this.isOffline) socket.resetAndDestroy();
      else
        this.lines.add(
          new Line(
            socket,
            targetPort(),
            () => this.weather,
            (line) => this.lines.delete(line),
          ),
        );
    });
  }

  static open(targetPort: () => number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    return new Promise((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', () => resolve(proxy));
    });
  }

  get url(): string {
    // The cast holds: a TCP server that listens has an address with a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  endAll(how: 'cut' | 'reset'): void {
    for (const line of [...this.lines]) line.end(how);
  }

  close(): void {
    this.#server.close();
    this.endAll('cut');
  }
}
