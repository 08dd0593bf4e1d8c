import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Core, ReceiptMerger } from '@parley/core';
import { LIMITS, SUBPROTOCOLS } from '@parley/protocol';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Connection } from './connection.ts';
import { ConnectionTable } from './connection-table.ts';
import { type Counters, newCounters } from './counters.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { drainConnections } from './drain.ts';
import { defaultGatewayOptions, type Edge, type GatewayOptions } from './edge.ts';
import { FrameEncoder } from './encoded-frame.ts';
import { FrameWriter } from './frame-writer.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { createHub } from './hub.ts';
import { startLogRepair } from './log-repair.ts';
import { LongPoll } from './long-poll.ts';
import { startPresenceHeartbeat } from './presence-heartbeat.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Transport } from './transport.ts';
import { codecOffered, refuseUpgrade, type UpgradeRefusal, upgradeRefusal } from './upgrade.ts';

export interface GatewayStats extends Readonly<Counters> {
  readonly connections: number;
  /** Not yet authenticated. */
  readonly strangers: number;
  readonly pollSessions: number;
  readonly conversationTopics: number;
  readonly userTopics: number;
}

/** The live edge of a node. */
export interface Gateway {
  /** For the `upgrade` event of an HTTP server. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** What the poll routes call. */
  readonly poll: LongPoll;
  /** A client on any other transport, such as the in-memory line of a simulation: give what arrives to `receive`, and say `ended` when the line is gone. */
  accept(transport: Transport): Connection;
  /** CONN-8: takes no new connections, dismisses the present ones, and ends within `deadlineMs`. */
  drain(deadlineMs: number): Promise<void>;
  stats(): GatewayStats;
}

/** A message that needs more pieces than this is an attack: 64 KiB in the smallest usual segments are 122. */
const FRAGMENTS_MAX = 128;
const CHUNKS_MAX = 4_096;
const CLOSE_TIMEOUT_MS = 5_000;

export function createGateway(core: Core, given: Partial<GatewayOptions> = {}): Gateway {
  const options: GatewayOptions = { ...defaultGatewayOptions, ...given };
  const counters = newCounters();
  const encoder = new FrameEncoder(counters);
  const edge: Edge = {
    core,
    options,
    counters,
    encoder,
    wheel: new DeadlineWheel(core.clock),
    connections: new ConnectionTable(core.settings.connectionsPerDeviceMax, counters),
    hub: createHub(core, encoder, counters),
    receipts: new ReceiptMerger(core),
    supervise: (name, work) => {
      work.catch((error: unknown) => core.log.error(name, { error }));
    },
  };
  const stopRepair = startLogRepair(edge);
  const stopPresence = startPresenceHeartbeat(edge);
  const poll = new LongPoll(edge);
  const writer = new FrameWriter();
  const transportParts = { clock: core.clock, counters, writer, outboundBytesMax: core.settings.outboundBytesMax };
  const allowedOrigins = new Set(options.allowedOrigins);
  const server = webSocketServer();
  let stopping = false;

  const refusal = (request: IncomingMessage): UpgradeRefusal | undefined => {
    if (stopping) return { status: 503, detail: 'The server is stopping. Connect again in a few seconds.' };
    if (edge.connections.size >= options.connectionsMax || edge.connections.strangers >= options.strangersMax)
      return { status: 503, detail: 'This server has no room for more connections. Try again later.' };
    return upgradeRefusal(request, allowedOrigins);
  };

  return {
    poll,
    accept: (transport) => new Connection(edge, connectionId(core), transport),
    handleUpgrade(request, socket, head) {
      const refused = refusal(request);
      if (refused !== undefined) {
        counters.upgradesRefused += 1;
        refuseUpgrade(socket, refused);
        return;
      }
      // The answer in HTTP and the greeting leave in one write: when thousands come back at once each write counts.
      socket.cork();
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const codec = codecOffered([webSocket.protocol]);
        if (codec === undefined) return webSocket.terminate();
        const transport = new SocketTransport(webSocket, socket, codec, transportParts);
        connect(edge, webSocket, transport);
        transport.flush();
      });
      socket.uncork();
    },
    async drain(deadlineMs) {
      stopping = true;
      poll.stop();
      await drainConnections(edge.connections.all(), core.clock, core.random, deadlineMs);
      await edge.receipts.flush();
      stopRepair();
      stopPresence();
      edge.wheel.stop();
    },
    stats: () => ({
      ...counters,
      connections: edge.connections.size,
      strangers: edge.connections.strangers,
      pollSessions: poll.size,
      conversationTopics: edge.hub.conversations.size,
      userTopics: edge.hub.users.size,
    }),
  };
}

function webSocketServer() {
  const options = {
    noServer: true,
    clientTracking: false,
    // FRAME-6
    perMessageDeflate: false,
    maxPayload: LIMITS.frameBytesMax,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // The codec checks UTF-8 itself and says so in an error frame.
    skipUTF8Validation: true,
    WebSocket: GatewaySocket,
    handleProtocols: (offered: Set<string>) => {
      const codec = codecOffered(offered);
      return codec === undefined ? (false as const) : SUBPROTOCOLS[codec.name];
    },
  };
  return new WebSocketServer<typeof GatewaySocket>(options);
}

const connectionId = ({ random }: Core): string => Buffer.from(random.bytes(12)).toString('base64url');

/** Ties the socket to its connection by a field, so that every socket has the same few listeners and none of its own. */
function connect(edge: Edge, webSocket: GatewaySocket, transport: SocketTransport): void {
  webSocket.connection = new Connection(edge, connectionId(edge.core), transport);
  webSocket.on('message', onMessage);
  webSocket.on('ping', onControlFrame);
  webSocket.on('pong', onControlFrame);
  webSocket.on('close', onClose);
  webSocket.on('error', ignoreError);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  // The casts in these listeners hold: they are put on GatewaySockets only, whose messages are node buffers (the default binaryType).
  (this as GatewaySocket).connection?.receive(data as Buffer, isBinary);
}

function onControlFrame(this: WebSocket, data: Buffer): void {
  (this as GatewaySocket).connection?.heard(data.byteLength);
}

function onClose(this: WebSocket): void {
  const { connection } = this as GatewaySocket;
  connection?.transport.ended();
  connection?.ended();
}

/** Broken framing is answered in GatewaySocket.close; a socket that breaks ends in `close`. */
function ignoreError(): void {}
