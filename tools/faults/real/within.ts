/**
 * What `work` comes to, or, when that takes longer than `limitMs`, an error with the sentence that `describe` gives. The work is not ended by it: whoever
 * waits here ends what was waited for.
 */
export async function within<T>(
  limitMs: number,
  work: Promise<T>,
  describe: () => string | Promise<string>,
): Promise<T> {
  const overdue = Symbol('overdue');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof overdue>((resolve) => {
    timer = setTimeout(() => resolve(overdue), limitMs);
  });
  try {
    const first = await Promise.race([work, deadline]);
    if (first !== overdue) return first;
  } finally {
    clearTimeout(timer);
  }
  // It is given up: how it ends is of no interest any more.
  work.catch(() => undefined);
  throw new Error(`${await describe()} (after ${limitMs / 1_000} s)`);
}
