import { join } from 'node:path';
import { type Client, createClient } from '@parley/client';
import { FileOutboxStorage, FileStateStorage, FileTokenStorage } from '@parley/client/node';
import { CHAT_HELP, readChatArguments } from './arguments.ts';
import { terminalEnvironment } from './config.ts';
import { talkInLines } from './line-mode.ts';
import { profileFolder } from './profile-folder.ts';
import { lockProfile } from './profile-lock.ts';
import { Questions } from './questions.ts';
import { signIn } from './sign-in.ts';

/** A client whose tokens, state and outbox are files of a folder: it opens without a network and loses nothing when it is killed. */
export async function openClient(url: string, folder: string): Promise<Client> {
  return await createClient({
    url,
    tokens: await FileTokenStorage.open(join(folder, 'tokens')),
    storage: await FileStateStorage.open(join(folder, 'state')),
    outbox: await FileOutboxStorage.open(join(folder, 'outbox')),
  });
}

/** `parley chat`: on a terminal a screen, else lines in and lines out. */
export async function chat(args: readonly string[]): Promise<number> {
  const options = readChatArguments(args);
  if (options === 'help') {
    process.stdout.write(`${CHAT_HELP}\n`);
    return 0;
  }
  const environment = terminalEnvironment();
  const folder = await profileFolder(options.url, options.profile, environment.stateHome);
  const unlock = await lockProfile(folder, options.profile);
  const questions = new Questions();
  let client: Client | undefined;
  try {
    client = await openClient(options.url, folder);
    if ((await client.deviceId()) === undefined) await signIn(client, options.url, questions);
    client.connect();
    const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    if (isTerminal) {
      questions.close();
      await (await import('./screen/show-screen.ts')).showScreen(client);
    } else await talkInLines(client, questions);
    const waiting = client.store.getSnapshot().outbox.filter((row) => row.state.kind === 'pending').length;
    if (waiting > 0)
      process.stdout.write(
        `${waiting} of your messages wait on this machine; they are sent when you open this profile again.\n`,
      );
    return 0;
  } finally {
    questions.close();
    // Also after an error: a client that stays connected keeps the process, and must not write beside whoever opens the profile next.
    try {
      await client?.close();
    } finally {
      await unlock();
    }
  }
}
