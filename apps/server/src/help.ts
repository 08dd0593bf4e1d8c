import { optionsHelp } from './options.ts';

const HELP: Readonly<Record<string, readonly string[]>> = {
  serve: ['parley serve [options]', '', 'Runs the server until Ctrl-C or SIGTERM.', ''],
  doctor: [
    'parley doctor [options of serve]',
    '',
    'Measures what limits this machine and this configuration: disk, open files, port, versions. Exit code 1: a server cannot run here.',
  ],
  audit: [
    'parley audit [--data folder]',
    '',
    'Recounts every conversation and every user: numbers without gap, counts, cursors. Works beside a running server and changes nothing.',
    'Exit code 1: something is not as it must be.',
  ],
  backup: [
    'parley backup FILE [--data folder]',
    '',
    'Writes one consistent copy to a new file while the server goes on. Keep secrets.json of the data folder beside it.',
  ],
  restore: [
    'parley restore FILE [--data folder]',
    '',
    'Puts a backup in the place of the data of a server that is not running. What was there before is kept under another name.',
  ],
};

/** What `parley <verb> --help` prints; undefined: the verb speaks for itself. */
export function helpOf(verb: string): string | undefined {
  const lines = HELP[verb];
  if (lines === undefined) return undefined;
  return `${[...lines, ...(verb === 'serve' ? [optionsHelp()] : [])].join('\n')}\n`;
}
