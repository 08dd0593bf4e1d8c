/** Milliseconds that never go back and are the same in all processes of this machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
