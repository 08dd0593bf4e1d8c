import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

// Under `npm start` a Ctrl-C arrives twice: from the terminal and again from npm. The program runs in a session of its
// own, out of the terminal's reach, and gets each signal from here, where the repetition is dropped.
const repetitionMs = 250;
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'inherit', detached: true });

let lastInterruptMs = Number.NEGATIVE_INFINITY;
process.on('SIGINT', () => {
  const nowMs = performance.now();
  if (nowMs - lastInterruptMs > repetitionMs) child.kill('SIGINT');
  lastInterruptMs = nowMs;
});
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGHUP'));

child.on('error', (error) => {
  console.error(`The program could not be started: ${error.message}.`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
