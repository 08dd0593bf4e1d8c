/** What the gateway has done since its start; plain numbers for statistics and metrics. */
export interface Counters {
  connectionsOpened: number;
  connectionsClosed: number;
  upgradesRefused: number;
  framesIn: number;
  bytesIn: number;
  framesOut: number;
  bytesOut: number;
  /** Writes to sockets: all frames of one loop turn for one connection are one. */
  socketWrites: number;
  /** Frames turned into bytes: once per codec, however many receive them. */
  encodings: number;
  /** Messages handed to listeners, one for each who is connected. */
  messagesDelivered: number;
  ephemeralsDropped: number;
  slowCloses: number;
}

export const newCounters = (): Counters => ({
  connectionsOpened: 0,
  connectionsClosed: 0,
  upgradesRefused: 0,
  framesIn: 0,
  bytesIn: 0,
  framesOut: 0,
  bytesOut: 0,
  socketWrites: 0,
  encodings: 0,
  messagesDelivered: 0,
  ephemeralsDropped: 0,
  slowCloses: 0,
});
