import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();
let watching = false;

/** Kills what is left at the end of this process, whatever ended it but SIGKILL: a bench that breaks off must leave no server behind. */
export function endWithUs(child: ChildProcess): void {
  if (!watching)
    process.once('exit', () => {
      for (const left of children) left.kill('SIGKILL');
    });
  watching = true;
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** For a program: an interrupt ends it as an exit does. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}
