import { helpOf } from './help.ts';

/** Verbs of this program that run on the server's machine. Each is loaded only when it is asked for: `serve` starts without the others. */
const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  serve: async (args) => (await import('./serve.ts')).serve(args),
  doctor: async (args) => (await import('./commands/doctor.ts')).doctor(args),
  admin: async (args) => (await import('./commands/admin.ts')).admin(args),
  audit: async (args) => (await import('./commands/audit.ts')).audit(args),
  backup: async (args) => (await import('./commands/backup.ts')).backup(args),
  restore: async (args) => (await import('./commands/restore.ts')).restore(args),
};

const OLDEST_NODE = 24;

async function run(verb: string | undefined, args: readonly string[]): Promise<number> {
  const command = verb === undefined ? undefined : VERBS[verb];
  if (command === undefined) {
    process.stderr.write(
      `"${verb ?? ''}" is nothing that this program does. It does: ${Object.keys(VERBS).join(', ')}.\n`,
    );
    return 2;
  }
  const help = args.includes('--help') ? helpOf(verb ?? '') : undefined;
  if (help !== undefined) {
    process.stdout.write(help);
    return 0;
  }
  return await command(args);
}

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `Parley needs Node ${OLDEST_NODE} or newer; this is ${process.version}. "bin/parley" fetches one by itself.\n`,
  );
  process.exitCode = 2;
} else {
  // Whatever is written, messages, keys, backups, is for the eyes of this user only.
  process.umask(0o077);
  const [verb, ...args] = process.argv.slice(2);
  try {
    process.exitCode = await run(verb, args);
  } catch (error) {
    // What reaches this point is for the person at the terminal: our own errors are sentences; the stack is for the rest.
    const isSentence = error instanceof Error && ['ConfigError', 'StoreError', 'StartError'].includes(error.name);
    process.stderr.write(
      `${isSentence ? error.message : `Something unexpected went wrong, and ${verb} stopped.\n${error instanceof Error ? error.stack : String(error)}`}\n`,
    );
    process.exitCode = 1;
  }
}
