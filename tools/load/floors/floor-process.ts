import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SubprotocolName } from '@parley/protocol';
import { endWithUs } from '../children.ts';
import { frameShape, messageCommand } from '../driver/frame-shape.ts';
import type { Seat } from '../driver/plan.ts';

const MAIN = fileURLToPath(new URL('../floor-main.ts', import.meta.url));

/** `ws`: the library that Parley's gateway uses, one write a loop turn. `plain`: the same without that. `bare`: no library; shows what the driver itself can do. */
export type FloorLibrary = 'ws' | 'plain' | 'bare';

/** What the commands look like that a floor gets. */
export interface FloorTarget {
  readonly codec: SubprotocolName;
  readonly textBytes: number;
}

export interface FloorProcess {
  readonly pid: number;
  readonly url: string;
  stop(): void;
}

export async function startFloor(library: FloorLibrary, { codec, textBytes }: FloorTarget): Promise<FloorProcess> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, library, codec, String(textBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  for await (const url of lines) return { pid: child.pid ?? 0, url, stop: () => void child.kill('SIGKILL') };
  throw new Error('The floor server ended before it listened.');
}

/** The same seats for a floor server: their rooms in the path, no log-in. `roomOf`: the name of a seat's room. */
export function floorSeats(
  seats: readonly Seat[],
  { codec, textBytes }: FloorTarget,
  roomOf: (seat: number) => string | number,
): readonly Seat[] {
  const shape = frameShape(codec);
  const text = 'x'.repeat(textBytes);
  return seats.map(({ seat, lanes }) => {
    const [lane] = lanes;
    const stampAt = lane === undefined ? 0 : shape.stampPlace(messageCommand(lane.conversationId, text));
    return { seat, path: `/${roomOf(seat)}?stamp=${stampAt}`, lanes };
  });
}
