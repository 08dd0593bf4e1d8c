import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

const PAGE = '<head>';
const NEWER_PAGE = '<head><meta name="newer-version">';

/**
 * An address in front of a server that can begin to serve another version of the app, as after a deployment: the page and the service worker are other
 * files then, which is what a browser goes by. It can also lose the server behind it, while the app itself is still to be had.
 */
export class NewerApp {
  readonly #behind: URL;
  readonly #front: Server;
  #isNewer = false;
  #isServerAway = false;

  private constructor(behind: string) {
    this.#behind = new URL(behind);
    this.#front = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
    this.#front.on('upgrade', (incoming, socket, head) => {
      if (this.#isServerAway) return void socket.destroy();
      const onward = connect(Number(this.#behind.port), this.#behind.hostname, () => {
        const lines = incoming.rawHeaders.flatMap((name, index, all) =>
          index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
        );
        onward.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) end.on('error', () => [socket, onward].forEach((other) => other.destroy()));
      this.#sockets.add(socket);
      socket.once('close', () => onward.destroy());
    });
  }
  readonly #sockets = new Set<{ destroy(): void }>();

  static async before(url: string): Promise<NewerApp> {
    const app = new NewerApp(url);
    await new Promise<void>((resolve) => app.#front.listen(0, 'localhost', resolve));
    return app;
  }

  get url(): string {
    // The cast holds: it listens on a port, so its address is not a path.
    return `http://localhost:${(this.#front.address() as AddressInfo).port}`;
  }

  /** From now on there is a newer version. */
  publish(): void {
    this.#isNewer = true;
  }

  loseServer(): void {
    this.#isServerAway = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  findServer(): void {
    this.#isServerAway = false;
  }

  async close(): Promise<void> {
    this.loseServer();
    this.#front.closeAllConnections();
    await new Promise((resolve) => this.#front.close(resolve));
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { url: path = '/', method, headers } = incoming;
    if (this.#isServerAway && path.startsWith('/api/')) return void incoming.socket.destroy();
    const isApp = !path.startsWith('/api/') && !path.startsWith('/assets/');
    const onward = request(
      {
        host: this.#behind.hostname,
        port: this.#behind.port,
        path,
        method,
        headers: isApp ? { accept: headers.accept } : headers,
      },
      (answer) => {
        if (!isApp) {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
          return;
        }
        answer.setEncoding('utf8');
        let text = '';
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => {
          const { etag: _, 'content-length': __, 'transfer-encoding': ___, ...kept } = answer.headers;
          outgoing.writeHead(answer.statusCode ?? 502, kept);
          outgoing.end(this.#isNewer ? newer(path, text) : text);
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}

/** The next version of a file: the service worker names its version, and the page says which it is. */
const newer = (path: string, text: string): string =>
  path === '/service-worker.js'
    ? text.replace(/(["'`])[0-9a-f]{16}\1/, '$1fedcba9876543210$1')
    : text.replace(PAGE, NEWER_PAGE);
