import { floorSeats, startFloor } from '../floors/floor-process.ts';
import type { Peer } from './peer.ts';

export const plainWs: Peer = {
  name: 'ws',
  acknowledges: 'nothing: the message was read and passed on; a write for each frame',
  async start({ seats, roomOf, target }) {
    const { url, pid, stop } = await startFloor('plain', target);
    return { url, pids: [pid], dialect: target.codec, seats: floorSeats(seats, target, roomOf), stop };
  },
};
