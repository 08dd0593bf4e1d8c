import { hostname, userInfo } from 'node:os';
import { ApiError, type Client } from '@parley/client';
import type { Questions } from './questions.ts';

const TRIES = 3;

/** Asks until somebody is logged in or an account was made; a refusal is shown in the server's words. */
export async function signIn(client: Client, url: string, questions: Questions): Promise<void> {
  process.stdout.write(`Nobody is logged in on ${url} with this profile.\n`);
  const choice = await questions.ask('Log in (l) or make a new account (r)? ');
  const deviceName = `${userInfo().username} on ${hostname()}`.slice(0, 100);
  for (let attempt = 1; ; attempt += 1) {
    const username = await questions.ask('Username: ');
    const password = await questions.ask('Password: ', { hidden: true });
    try {
      if (choice.toLowerCase().startsWith('r'))
        await client.register({ name: username, username: username.toLowerCase(), password, device_name: deviceName });
      else await client.login({ identifier: username.toLowerCase(), password, device_name: deviceName });
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || attempt === TRIES) throw error;
      if (error.reason === 'unreachable') {
        // Another name or password would not help.
        process.stdout.write(`Nothing answers at ${url}. Is the server running (npm start)?\n`);
        throw error;
      }
      process.stdout.write(`${error.message}\n`);
      for (const { field, message } of error.problem?.errors ?? []) process.stdout.write(`  ${field} ${message}\n`);
    }
  }
}
