/** Full jitter between 0 and 1, 2, 4 … 30 s (CONN-9). `attempt` counts failures from 0; `random` lies in [0, 1). */
export const backOffMs = (attempt: number, random: number): number =>
  Math.floor(random * Math.min(30_000, 1_000 * 2 ** Math.min(attempt, 10)));
