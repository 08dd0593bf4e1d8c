import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-verbs-'));
  cpSync(join(repository, 'bin'), join(root, 'bin'), { recursive: true });
  // Everything is installed in this house: its setup only names the Node.
  writeFileSync(join(root, 'bin/setup'), `#!/bin/sh\necho ${process.execPath}\n`);
  chmodSync(join(root, 'bin/setup'), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function parley(...args: string[]) {
  return spawnSync(join(root, 'bin/parley'), args, { encoding: 'utf8' });
}

/** A server that says its process id, counts interrupts, and ends with that count plus 10 when asked to terminate. */
function writeServer(): void {
  mkdirSync(join(root, 'apps/server/src'), { recursive: true });
  const text = `
    let interrupts: number = 0;
    process.on('SIGINT', () => { interrupts += 1; console.log('interrupted'); });
    process.on('SIGTERM', () => process.exit(10 + interrupts));
    console.log(process.pid, process.argv.slice(2).join(' '));
    setInterval(() => {}, 1000);
  `;
  writeFileSync(join(root, 'apps/server/src/main.ts'), text);
}

describe('bin/parley', () => {
  it('prints its verbs when asked for nothing or for help', () => {
    expect(parley().stdout).toContain('serve ');
    expect(parley('help').stdout).toBe(parley().stdout);
    expect(parley('help').status).toBe(0);
  });

  it('refuses an unknown verb with a sentence and code 64', () => {
    const { status, stderr } = parley('dance');
    expect(status).toBe(64);
    expect(stderr).toContain('Parley knows no verb "dance". Nothing was started.');
  });

  it('says that a program is missing instead of failing inside Node', () => {
    const { status, stderr } = parley('serve');
    expect(status).toBe(69);
    expect(stderr).toContain('does not contain the program behind "serve" yet');
  });

  it('becomes the server: same process id, arguments passed on, exit code kept', async () => {
    writeServer();
    const child = spawn(join(root, 'bin/parley'), ['serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(line).toBe(`${child.pid} serve --port 0`);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([10, null]);
  });
});

describe('under npm start', () => {
  it('an interrupt that arrives twice reaches the server once, and termination drains it', async () => {
    writeServer();
    const signalOnce = join(root, 'bin/src/signal-once.mjs');
    const args = [signalOnce, process.execPath, join(root, 'apps/server/src/main.ts'), 'serve'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = createInterface(child.stdout);
    const [line] = (await once(output, 'line')) as [string];
    expect(line).not.toBe(`${child.pid} serve`);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await once(output, 'line');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([11, null]);
  });
});
