/** The file that a verb is about, wherever it stands among the options, and the options, each of which has a value. */
export function fileArgument(args: readonly string[]): {
  readonly file: string | undefined;
  readonly options: readonly string[];
} {
  let file: string | undefined;
  const options: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('--') && file === undefined) file = arg;
    else {
      options.push(arg);
      const value = args[index + 1];
      if (!arg.startsWith('--') || arg.includes('=') || value === undefined) continue;
      options.push(value);
      index += 1;
    }
  }
  return { file, options };
}
