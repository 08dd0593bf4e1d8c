import { ejabberd } from './ejabberd.ts';
import type { Peer } from './peer.ts';
import { plainWs } from './plain-ws.ts';
import { redisStreams } from './redis-streams.ts';
import { socketIo } from './socket-io.ts';

export type PeerName = 'ws' | 'redis' | 'ejabberd' | 'socket.io';

/** What `--peer` may name. */
export const PEERS: Readonly<Record<PeerName, Peer>> = {
  ws: plainWs,
  redis: redisStreams,
  ejabberd,
  'socket.io': socketIo,
};

export const isPeerName = (name: string): name is PeerName => Object.hasOwn(PEERS, name);
