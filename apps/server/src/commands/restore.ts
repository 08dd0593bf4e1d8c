import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { restoreFrom } from '@parley/sqlite';
import { readConfig } from '../config.ts';
import { StartError } from '../start-error.ts';
import { fileArgument } from './file-argument.ts';

/** `parley restore FILE`: puts a backup in place of the data of a server that is not running. */
export function restore(args: readonly string[]): Promise<number> {
  const { file, options } = fileArgument(args);
  if (file === undefined)
    throw new StartError('Say what from: parley restore FILE [--data folder]. Nothing was changed.');
  const source = resolve(file);
  if (!existsSync(source)) throw new StartError(`There is no file ${source}. Nothing was changed.`);
  const { dataDirectory } = readConfig(options);
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const { replaced } = restoreFrom(source, dataDirectory);
  process.stdout.write(
    `${dataDirectory} now holds the state of ${source}. Devices notice by themselves and take a fresh snapshot.\n`,
  );
  if (replaced !== null)
    process.stdout.write(`What was there before lies in ${replaced}; remove it when you no longer need it.\n`);
  return Promise.resolve(0);
}
