import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');
const passing = "it('holds a simple claim', () => {});";
const failing = "it('holds a false claim', () => { throw new Error('no'); });";
const skipping = "it.skip('talks to Redis (not found; REDIS_URL=… bin/test)', () => {});";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-count-'));
  const reporter = join(import.meta.dirname, 'count-reporter.ts');
  const config = `import { CountReporter } from '${reporter}';
    export default { test: { globals: true, reporters: ['default', new CountReporter()] } };`;
  writeFileSync(join(root, 'vitest.config.ts'), config);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The last lines of a run over one test file with this text, and its exit code. */
function runTests(text: string): { lines: string[]; status: number | null } {
  writeFileSync(join(root, 'sample.test.ts'), text);
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', root], { encoding: 'utf8' });
  return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the last line of bin/test', () => {
  it('counts what passed and ends with 0', () => {
    const { lines, status } = runTests(passing);
    expect([lines.at(-1), status]).toEqual(['1 passed, 0 failed', 0]);
  });

  it('counts what failed and does not end with 0', () => {
    const { lines, status } = runTests(passing + failing);
    expect([lines.at(-1), status]).toEqual(['1 passed, 1 failed', 1]);
  });

  it('names what was skipped, with its reason, before the count', () => {
    const { lines, status } = runTests(passing + skipping);
    expect([...lines.slice(-2), status]).toEqual([
      'skipped  sample.test.ts: talks to Redis (not found; REDIS_URL=… bin/test)',
      '1 passed, 0 failed, 1 skipped',
      0,
    ]);
  });

  it('counts a file that does not load as a failure', () => {
    const { lines, status } = runTests(`throw new Error('no');`);
    expect([lines.at(-1), status]).toEqual(['0 passed, 1 failed', 1]);
  });

  it('counts an error outside any test as a failure', () => {
    const { lines, status } = runTests(`${passing} queueMicrotask(() => { throw new Error('no'); });`);
    expect([lines.at(-1), status]).toEqual(['1 passed, 1 failed', 1]);
  });
});
