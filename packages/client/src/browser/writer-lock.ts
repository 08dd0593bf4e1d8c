import type { Lease } from './lease.ts';

/** Says which tab of a browser profile writes. */
export interface WriterLock {
  /** As `TabLink.becomeWriter`. */
  becomeWriter(onWriter: () => void, onLost: () => void): void;
  close(): void;
}

/** A Web Lock: the lock of a killed tab is free at once, and nobody takes one from a tab that lives. Needs a secure origin. */
export function webWriterLock(name: string): WriterLock {
  const abort = new AbortController();
  let release: (() => void) | undefined;
  return {
    becomeWriter(onWriter) {
      navigator.locks
        .request(`${name} writer`, { signal: abort.signal }, () => {
          onWriter();
          return new Promise<void>((resolve) => {
            release = resolve;
          });
        })
        // Closed before it was this tab's turn.
        .catch(() => undefined);
    },
    close() {
      abort.abort();
      release?.();
    },
  };
}

export function leaseWriterLock(lease: Lease, report: (error: unknown) => void): WriterLock {
  const lead = async (onWriter: () => void, onLost: () => void): Promise<void> => {
    const isHeld = await lease.acquire(() => {
      onLost();
      void lead(onWriter, onLost).catch(report);
    });
    if (isHeld) onWriter();
  };
  return {
    becomeWriter: (onWriter, onLost) => void lead(onWriter, onLost).catch(report),
    close: () => lease.close(),
  };
}
