import { type StormOrder, type StormResult, Survivors } from './driver/survivors.ts';

/** The clients of a crash storm, as a process of their own: opens them, is told of the kill, answers with what became of everybody. */
export type StormMessage =
  | { readonly kind: 'open'; readonly order: StormOrder }
  | { readonly kind: 'killed' }
  | { readonly kind: 'listening' }
  | { readonly kind: 'finish' };
export type StormReport =
  | { readonly kind: 'opened' }
  | { readonly kind: 'state'; readonly live: number; readonly resumed: number }
  | { readonly kind: 'result'; readonly result: StormResult }
  | { readonly kind: 'failed'; readonly problem: string };

const STATE_EVERY_MS = 200;
let survivors: Survivors | undefined;
const report = (message: StormReport): void => void process.send?.(message);

async function take(message: StormMessage): Promise<void> {
  if (message.kind === 'open') {
    survivors = new Survivors(message.order);
    await survivors.open();
    setInterval(
      () => report({ kind: 'state', live: survivors?.live ?? 0, resumed: survivors?.resumed ?? 0 }),
      STATE_EVERY_MS,
    );
    report({ kind: 'opened' });
  } else if (message.kind === 'killed') survivors?.killed();
  else if (message.kind === 'listening') survivors?.listening();
  else if (survivors !== undefined) report({ kind: 'result', result: await survivors.finish() });
}

const fail = (error: unknown): void =>
  report({ kind: 'failed', problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
process.on('message', (message: StormMessage) => void take(message).catch(fail));
process.on('uncaughtException', fail);
process.on('disconnect', () => process.exit(1));
