/** A failure that a person can act on; the message says what happened, what was not done and what to do next. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Turns "no permission" and "no space" into sentences; other errors pass unchanged. `folder` is the one being written. */
export function explainWriteError(error, folder) {
  if (error instanceof SetupError) return error;
  if (['EACCES', 'EPERM', 'EROFS'].includes(error?.code)) {
    return new SetupError(
      `Setup may not write in ${folder} (${error.code}). Nothing was installed. Make it writable for this user, or clone Parley into a folder of your own.`,
      { cause: error },
    );
  }
  if (error?.code === 'ENOSPC') {
    return new SetupError(`The disk of ${folder} is full. Setup stopped. Free about 1 GB and run it again.`, {
      cause: error,
    });
  }
  return error;
}
