import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a profile keeps its tokens, its state and what waits to be sent; for this user's eyes only. One folder for each server and profile. */
export async function profileFolder(url: string, profile: string, stateHome: string | undefined): Promise<string> {
  const server = new URL(url).host.replaceAll(/[^a-z0-9.-]/gi, '_');
  const folder = join(stateHome ?? join(homedir(), '.local', 'state'), 'parley', server, profile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
