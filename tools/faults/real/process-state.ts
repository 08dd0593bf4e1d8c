import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** What a process is doing, on one line, from what Linux tells: whether it is stopped, whether it has taken SIGTERM, and where in the system each thread is. */
export function describeProcess(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '?';
    const bit = 1n << BigInt(constants.signals.SIGTERM - 1);
    const isWaiting = ['SigPnd', 'ShdPnd'].some((name) => (BigInt(`0x${field(name)}`) & bit) !== 0n);
    return `state ${field('State')}, SIGTERM ${isWaiting ? 'waits to be taken' : 'does not wait'}, threads: ${threadsOf(pid)}`;
  } catch (error) {
    return `nothing is known of it: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The same once: `4 × V8Worker S futex_do_wait, call 202`. The number is the system call's; of a thread that runs there is none. */
function threadsOf(pid: number): string {
  const times = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const read = (name: string): string => {
      try {
        return readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'utf8').trim();
      } catch {
        // Gone meanwhile, or not for this user.
        return '?';
      }
    };
    // Behind the name, which may hold anything.
    const state = /.*\) (\S)/.exec(read('stat'))?.[1] ?? '?';
    const what = `${read('comm')} ${state} ${read('wchan')}, call ${read('syscall').split(' ')[0]}`;
    times.set(what, (times.get(what) ?? 0) + 1);
  }
  return [...times].map(([what, count]) => (count === 1 ? what : `${count} × ${what}`)).join('; ');
}
