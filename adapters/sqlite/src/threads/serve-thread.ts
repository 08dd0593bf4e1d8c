import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { storeFailureOf } from '../store-failure.ts';
import type { Answers, FromThread, ThreadData, ThreadRequest, ToThread } from './thread-messages.ts';

/** What one turn takes at most, so that the first of a long queue does not wait for the last. */
const REQUESTS_PER_TURN_MAX = 4_096;

export interface ServedThread {
  answer(requests: readonly ThreadRequest[]): Answers | Promise<Answers>;
  /** What can be done once the answers are on their way. Never throws. */
  afterwards?(): void;
  close(): void;
}

/**
 * The body of a storage thread: opens, then answers everything that waits in one turn, turn after turn, until it is told to close. There is no artificial
 * delay: under load requests gather while a turn runs, alone a request is answered at once.
 */
export function serveThread(open: (directory: string) => ServedThread): void {
  const port = parentPort;
  if (port === null) throw new Error('This file is the body of a worker thread.');
  const { directory } = workerData as ThreadData; // The cast holds: ThreadLine starts the thread with it.
  let thread: ServedThread;
  try {
    thread = open(directory);
  } catch (error) {
    say(port, { type: 'refused', failure: storeFailureOf(error, 'read', directory) });
    return;
  }
  say(port, { type: 'open' });
  let turns = Promise.resolve();
  port.on('message', (message: ToThread) => {
    const { requests, isLast } = takeAll(port, message);
    turns = turns.then(async () => {
      for (let from = 0; from < requests.length; from += REQUESTS_PER_TURN_MAX) {
        say(port, await thread.answer(requests.slice(from, from + REQUESTS_PER_TURN_MAX)));
        thread.afterwards?.();
      }
      if (!isLast) return;
      thread.close();
      say(port, { type: 'closed' });
      port.close();
    });
  });
}

/** A message and all that wait behind it. */
function takeAll(port: MessagePort, first: ToThread): { requests: ThreadRequest[]; isLast: boolean } {
  const requests: ThreadRequest[] = [];
  for (let message: ToThread | undefined = first; message !== undefined; message = nextOn(port)) {
    if (message.type === 'close') return { requests, isLast: true };
    requests.push(...message.requests);
  }
  return { requests, isLast: false };
}

// The cast holds: only ThreadLine writes to this port.
const nextOn = (port: MessagePort): ToThread | undefined => receiveMessageOnPort(port)?.message as ToThread | undefined;

const say = (port: MessagePort, message: FromThread): void => port.postMessage(message);
