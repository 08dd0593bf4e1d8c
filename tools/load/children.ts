import type { ChildProcess } from 'node:child_process';

const children = new Map<ChildProcess, NodeJS.Signals>();
let watching = false;

/** Kills what is left at the end of this process, whatever ended it but SIGKILL: a bench that breaks off must leave no server behind. */
export function endWithUs(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (!watching)
    process.once('exit', () => {
      for (const [left, how] of children) left.kill(how);
    });
  watching = true;
  children.set(child, signal);
  child.once('exit', () => children.delete(child));
}

/** For a program: an interrupt ends it as an exit does. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}
