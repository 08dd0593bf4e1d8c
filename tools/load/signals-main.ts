import type { Seat } from './driver/plan.ts';
import { ChatRoom } from './driver/signals/chat-room.ts';
import { SignalCounting, type SignalTally } from './driver/signals/signal-counting.ts';

/** The people of the scenario of typing, receipts and presence, as a process of their own. */
export interface SignalsOrder {
  readonly host: string;
  readonly port: number;
  readonly text: string;
  readonly rooms: readonly { readonly seats: readonly Seat[]; readonly userIds: readonly string[] }[];
}

export type SignalsMessage =
  | { readonly kind: 'open'; readonly order: SignalsOrder }
  /** Forgets what was counted so far. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'tally' };
export type SignalsReport =
  | { readonly kind: 'opened' }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'tally'; readonly tally: SignalTally }
  | { readonly kind: 'failed'; readonly problem: string };

const OPENING_STEP_MS = 20;
let counting = new SignalCounting();
const report = (message: SignalsReport): void => void process.send?.(message);
const fail = (problem: string): void => report({ kind: 'failed', problem });

async function open({ host, port, text, rooms }: SignalsOrder): Promise<void> {
  const how = { target: { host, port }, text, counting: () => counting, onProblem: fail };
  for (const { seats, userIds } of rooms) {
    const room = new ChatRoom(seats, userIds, how);
    room.open();
    // One room after the other: who came first may already be away again.
    while (room.live < room.size * 0.9) await new Promise((resolve) => setTimeout(resolve, OPENING_STEP_MS));
  }
}

async function take(message: SignalsMessage): Promise<void> {
  if (message.kind === 'open') {
    await open(message.order);
    report({ kind: 'opened' });
  } else if (message.kind === 'measure') {
    counting = new SignalCounting();
    report({ kind: 'measuring' });
  } else report({ kind: 'tally', tally: counting.tally() });
}

process.on('message', (message: SignalsMessage) => void take(message).catch((error: unknown) => fail(String(error))));
process.on('uncaughtException', (error) => fail(error.stack ?? error.message));
process.on('disconnect', () => process.exit(1));
