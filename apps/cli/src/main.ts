/** Verbs of this program that talk to a server from outside, on the SDK only. */
const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  chat: async (args) => (await import('./chat.ts')).chat(args),
  demo: async (args) => (await import('./demo.ts')).demo(args),
};

const [verb = '', ...args] = process.argv.slice(2);
const command = VERBS[verb];
if (command === undefined) {
  process.stderr.write(`"${verb}" is nothing that this program does. It does: ${Object.keys(VERBS).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
