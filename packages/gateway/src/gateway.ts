import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Core, ReceiptMerger } from '@parley/core';
import { Connection } from './connection.ts';
import { ConnectionTable } from './connection-table.ts';
import { type Counters, newCounters } from './counters.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { drainConnections } from './drain.ts';
import { defaultGatewayOptions, type Edge, type GatewayOptions } from './edge.ts';
import { FrameEncoder } from './encoded-frame.ts';
import { FrameWriter } from './frame-writer.ts';
import { createHub } from './hub.ts';
import { startLogRepair } from './log-repair.ts';
import { LongPoll } from './long-poll.ts';
import { startPresenceHeartbeat } from './presence-heartbeat.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Transport } from './transport.ts';
import { readUpgrade, refuseUpgrade, type Upgrade, type UpgradeRefusal } from './upgrade.ts';
import { WebSocketEnd } from './web-socket.ts';

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

const NO_ROOM = { kind: 'refused', status: 503 } as const;

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
  let stopping = false;

  const upgradeOf = (request: IncomingMessage): Upgrade | UpgradeRefusal => {
    if (stopping) return { ...NO_ROOM, detail: 'The server is stopping. Connect again in a few seconds.' };
    if (edge.connections.size >= options.connectionsMax || edge.connections.strangers >= options.strangersMax)
      return { ...NO_ROOM, detail: 'This server has no room for more connections. Try again later.' };
    return readUpgrade(request, allowedOrigins);
  };

  return {
    poll,
    accept: (transport) => new Connection(edge, connectionId(core), transport),
    handleUpgrade(request, socket, head) {
      const upgrade = upgradeOf(request);
      if (upgrade.kind === 'refused') {
        counters.upgradesRefused += 1;
        refuseUpgrade(socket, upgrade);
        return;
      }
      // A client that has hung up meanwhile: of a socket that is over no event would tell that.
      if (!socket.readable || !socket.writable) {
        socket.destroy();
        return;
      }
      if (socket instanceof Socket) socket.setTimeout(0).setNoDelay(true);
      // The answer in HTTP and the greeting leave in one write: when thousands come back at once each write counts.
      socket.cork();
      socket.write(upgrade.answer);
      const end = new WebSocketEnd(socket, core.clock);
      const transport = new SocketTransport(end, upgrade.codec, transportParts);
      end.connection = new Connection(edge, connectionId(core), transport);
      transport.flush();
      socket.uncork();
      if (head.length > 0) socket.unshift(head);
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

const connectionId = ({ random }: Core): string => Buffer.from(random.bytes(12)).toString('base64url');
