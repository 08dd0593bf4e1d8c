import type { World } from './world.ts';

const OWN_CODE = /\/(packages|adapters|apps)\/[^/]+\/src\//;

/**
 * While a simulation runs, nothing of ours may wait for real time, read the real clock or draw real chance, and no promise may fail unheard: each is a line
 * of the history and a violation. Node's own modules and npm packages are free to.
 */
export function watchEscapes(world: World): { stop(): void } {
  const restore: (() => void)[] = [];
  const guard = <O extends object, K extends keyof O & string>(object: O, name: K, label: string): void => {
    const original = object[name];
    const watched = (...args: unknown[]): unknown => {
      const caller = new Error('escape').stack?.split('\n')[2] ?? '';
      if (OWN_CODE.test(caller) && !caller.includes('/node_modules/'))
        world.write({ type: 'escaped', what: `${label} was used ${caller.trim()}` });
      // The cast holds: only functions are guarded.
      return (original as (...given: unknown[]) => unknown).apply(object, args);
    };
    // The cast holds: the watched function takes and gives what the original does.
    object[name] = watched as O[K];
    restore.push(() => {
      object[name] = original;
    });
  };
  guard(globalThis, 'setTimeout', 'setTimeout');
  guard(globalThis, 'setInterval', 'setInterval');
  guard(Date, 'now', 'Date.now');
  guard(Math, 'random', 'Math.random');
  const onRejection = (error: unknown): void => {
    world.write({ type: 'escaped', what: `unhandled: ${error instanceof Error ? error.stack : String(error)}` });
  };
  process.on('unhandledRejection', onRejection);
  return {
    stop() {
      for (const undo of restore) undo();
      process.off('unhandledRejection', onRejection);
    },
  };
}
