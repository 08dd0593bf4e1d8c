import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartError } from '../start-error.ts';
import { fileArgument } from './file-argument.ts';
import { withInspection } from './open-inspection.ts';

/** `parley backup FILE`: one consistent copy, while the server goes on. */
export async function backup(args: readonly string[]): Promise<number> {
  const { file, options } = fileArgument(args);
  if (file === undefined)
    throw new StartError('Say where to: parley backup FILE [--data folder]. Nothing was written.');
  const target = resolve(file);
  if (existsSync(target)) throw new StartError(`${target} is there already and was left as it is. Choose a new name.`);
  expectWritableFolder(dirname(target));
  return await withInspection(options, async (inspection, directory) => {
    process.stderr.write(`Copying ${directory} …\n`);
    await inspection.backupTo(target);
    process.stdout.write(
      `${target} holds everything up to now (${(statSync(target).size / 1_048_576).toFixed(1)} MiB). The signing key is not in it: keep ${directory}/secrets.json too, or everybody has to log in again.\n`,
    );
    return 0;
  });
}

/** Asked here because the store would blame its own folder. */
function expectWritableFolder(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new StartError(
      `The folder ${folder} is not there or cannot be written by this user. Nothing was written; name another file.`,
      { cause },
    );
  }
}
