import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';

/** A server that only echoes, in a thread of its own, with the same library and settings as the gateway: the socket's own ceiling on this machine. */
if (!isMainThread) {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data as Buffer, { binary })));
  http.listen(0, '127.0.0.1', () => parentPort?.postMessage((http.address() as AddressInfo).port));
}

const connect = (port: number): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });

/** Round trips per second of `clientCount` clients with one 200-byte message in flight each. */
export async function runEcho(clientCount: number, warmUpMs: number, durationMs: number): Promise<number> {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const sockets = await Promise.all(Array.from({ length: clientCount }, () => connect(port)));
  const payload = Buffer.alloc(200, 0x78);
  let trips = 0;
  for (const socket of sockets) {
    socket.on('message', () => {
      trips += 1;
      socket.send(payload);
    });
    socket.send(payload);
  }
  await new Promise((resolve) => setTimeout(resolve, warmUpMs));
  const [before, startedAt] = [trips, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const rate = (trips - before) / ((performance.now() - startedAt) / 1_000);
  for (const socket of sockets) socket.terminate();
  await worker.terminate();
  return rate;
}
