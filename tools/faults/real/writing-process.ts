import { openSync, writeSync } from 'node:fs';

/** `writing-process.ts <file>`: writes small pieces to the file and to a device without a pause, answers each SIGUSR2 with a line, and ends at SIGTERM. */

const files = [openSync('/dev/null', 'w'), openSync(process.argv[2] ?? '', 'a')];
const PIECES = 50;

process.on('SIGUSR2', () => process.stdout.write('heard\n'));
process.on('SIGTERM', () => process.exit(0));
process.stdout.write('ready\n');

function writePieces(): void {
  for (let piece = 0; piece < PIECES; piece += 1) for (const file of files) writeSync(file, '.');
  setImmediate(writePieces);
}
writePieces();
