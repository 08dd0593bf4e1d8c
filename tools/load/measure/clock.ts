/** The machine's monotonic clock, which all processes share, as performance.now() reads it: the difference of the two zeros, in µs. */
const OFFSET_US = Number(process.hrtime.bigint()) / 1_000 - performance.now() * 1_000;

/** Microseconds of the machine's monotonic clock: times of different processes may be compared. */
export const nowUs = (): number => Math.round(performance.now() * 1_000 + OFFSET_US);
