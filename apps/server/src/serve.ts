import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '@parley/core';
import { createGateway, type Gateway } from '@parley/gateway';
import { PinoLog } from '@parley/pino';
import { type ComponentHealth, createRest } from '@parley/rest';
import { type Composition, compose } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { systemClock } from './environment.ts';
import { ownHeap, startIdleCollection } from './idle-collection.ts';
import { Metrics, registerMetrics } from './metrics.ts';
import { StartError } from './start-error.ts';
import { VERSION } from './version.ts';
import { findWebApp, serveWebFiles } from './web-files.ts';

/** CONN-8: everything that was taken is finished and everybody has been told where to go within this time. */
const DRAIN_DEADLINE_MS = 8_000;
/** After the dismissal running requests may end in this time; then every connection that is left is cut: silent ones, half requests, readers that do not read. */
const LAST_ANSWERS_MS = 1_500;
/** Nothing may keep a server that was told to stop: whoever runs it would have to kill it, and wait for that. */
const STOP_DEADLINE_MS = 20_000;
const READINESS_KEPT_MS = 1_000;
const FEATURES = ['long_poll'];

export interface RunningServer {
  /** Where it listens, such as `http://localhost:8080`. */
  readonly url: string;
  /** Stops as CONN-8 says; resolves when the store is closed. */
  stop(): Promise<void>;
}

/** Starts a server from its configuration and listens. */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  const metrics = new Metrics();
  const composition = await compose(config, log, metrics);
  try {
    return await listen(config, log, metrics, composition);
  } catch (error) {
    // A store that stays open would keep the process, and the data folder, for ever.
    await composition.close();
    throw error;
  }
}

/**
 * Clients that may have called and wait to be accepted; Linux takes no more than `net.core.somaxconn`. With Node's 511 most of those who come back at once after a crash are not heard,
 * and their systems try again only after 1, 3, 7 and 15 seconds.
 */
const CALLERS_MAX = 16_384;

async function listen(config: Config, log: Log, metrics: Metrics, composition: Composition): Promise<RunningServer> {
  const gateway = createGateway(composition.core, {
    version: VERSION,
    features: FEATURES,
    allowedOrigins: config.allowedOrigins,
  });
  const rest = createRest(composition.core, {
    version: VERSION,
    features: FEATURES,
    origins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    poll: gateway.poll,
    readiness: storeReadiness(composition),
    checkResponses: false,
  });
  registerMetrics(rest, metrics, gateway);
  const webApp = await findWebApp();
  if (webApp !== undefined) await serveWebFiles(rest, webApp);
  const sockets = openSockets(rest.server);
  rest.server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));
  try {
    await rest.listen({ host: config.host, port: config.port, backlog: CALLERS_MAX });
  } catch (cause) {
    throw listenError(cause, config);
  }
  return { url: addressOf(rest.server.address(), config), stop: () => stop(gateway, rest, sockets, composition, log) };
}

/** The check writes to the disk, and anybody may ask: whoever asks within the same second hears the same answer. */
function storeReadiness({ core, checkStore }: Composition): () => Promise<ComponentHealth[]> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<ComponentHealth[]> = Promise.resolve([]);
  const ask = async (): Promise<ComponentHealth[]> => {
    const ready = await checkStore().then(
      () => true,
      () => false,
    );
    return [{ name: 'store', ready }];
  };
  return () => {
    const now = core.clock.now();
    if (Math.abs(now - askedAt) >= READINESS_KEPT_MS) {
      askedAt = now;
      answer = ask();
    }
    return answer;
  };
}

/** All connections of a server, upgraded ones too. One listener for all: an idle connection costs little more than its place in the set. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  function forget(this: Socket): void {
    sockets.delete(this);
  }
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', forget);
  });
  return sockets;
}

async function stop(
  gateway: Gateway,
  rest: { close(): Promise<unknown> },
  sockets: ReadonlySet<Socket>,
  composition: Composition,
  log: Log,
): Promise<void> {
  log.info('server_stopping');
  let step = 'telling the clients';
  const overdue = setTimeout(() => {
    log.error('server_stop_overdue', { step });
    process.stderr.write(
      `Stopping has taken ${STOP_DEADLINE_MS / 1_000} s and stands at: ${step}. The process ends now; everything that was acknowledged is on the disk.\n`,
    );
    process.exit(1);
  }, STOP_DEADLINE_MS);
  await gateway.drain(DRAIN_DEADLINE_MS);
  step = 'answering the last requests';
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, LAST_ANSWERS_MS);
  await rest.close();
  clearTimeout(cut);
  step = 'closing the store';
  await composition.close();
  clearTimeout(overdue);
  log.info('server_stopped');
}

function listenError(cause: unknown, config: Config): StartError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const place = `${config.host}:${config.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `The server was not started: something else already listens on ${place}. Stop it, or choose another port: --port 8081.`,
        { cause },
      );
    case 'EACCES':
      return new StartError(
        `The server was not started: this user may not listen on ${place}. Choose a port above 1023.`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `The server was not started: this machine has no address "${config.host}". Use 127.0.0.1 for this machine only or 0.0.0.0 for all.`,
        { cause },
      );
    default:
      return new StartError(`The server was not started: it could not listen on ${place} (${String(code ?? cause)}).`, {
        cause,
      });
  }
}

function addressOf(address: AddressInfo | string | null, config: Config): string {
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.host) ? 'localhost' : config.host;
  return `http://${host}:${port}`;
}

const ACCOUNT_WORDS: Readonly<Record<Config['registration'], string>> = {
  open: 'the first becomes administrator and says whether others may join freely or by invitation',
  invitation: 'the first becomes administrator, others need an invitation',
  closed: 'no new ones (--registration closed)',
};

function announce({ url }: RunningServer, config: Config, startedAt: number): void {
  const place =
    config.store === 'memory'
      ? 'nowhere: everything is forgotten at the end (--store memory)'
      : `${config.dataDirectory} (SQLite)`;
  const lines = [
    `Parley ${VERSION} is ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`,
    `  Open       ${url}`,
    `  API        ${url}/docs`,
    `  Kept in    ${place}`,
    `  Accounts   ${ACCOUNT_WORDS[config.registration]}`,
    config.host === '127.0.0.1'
      ? '  Reached    from this machine only (--host 0.0.0.0 lets others in)'
      : `  Reached    on ${config.host}`,
    '  Stop       Ctrl-C',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once: what was acknowledged is on disk anyway. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const onSignal = (): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      process.stdout.write('Stopping: finishing what was taken and telling everybody to come back later …\n');
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** `parley serve`: runs until it is asked to stop, then drains. */
export async function serve(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const config = readConfig(args);
  // Whoever read what is printed may go away (`| head`): the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // Before the start, so that there is no moment at which a signal ends a server without draining.
  const asked = stopAsked();
  const log = new PinoLog({ level: config.logLevel });
  const server = await startServer(config, log);
  announce(server, config, startedAt);
  const stopCollection = startIdleCollection(systemClock, ownHeap());
  await asked;
  stopCollection();
  await server.stop();
  return 0;
}
