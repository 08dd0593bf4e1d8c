import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports, type ImportReport } from './import-rules.ts';

const repository = join(import.meta.dirname, '../..');
const packages = ['protocol', 'core', 'gateway', 'rest', 'e2ee', 'client', 'web', 'testkit'];
const adapters = ['memory', 'sqlite'];
const apps = ['server', 'cli'];

/** Edges that break a rule: the importing file, what it imports, and the rule that must say so. */
const forbidden: readonly (readonly [from: string, specifier: string, rule: string])[] = [
  ['packages/protocol/src/a.ts', '@parley/core', 'protocol-imports'],
  ['packages/protocol/src/b.ts', 'ws', 'protocol-packages'],
  ['packages/protocol/src/c.ts', 'node:fs', 'no-runtime-apis'],
  ['packages/protocol/src/d.test.ts', '@parley/gateway', 'protocol-test-imports'],
  ['packages/core/src/a.ts', '@parley/memory', 'core-imports'],
  ['packages/core/src/b.ts', '@parley/gateway', 'core-imports'],
  ['packages/core/src/c.ts', 'zod', 'core-packages'],
  ['packages/core/src/d.ts', 'node:crypto', 'no-runtime-apis'],
  ['packages/core/src/e.test.ts', '@parley/sqlite', 'core-test-imports'],
  ['packages/core/src/f.ts', '@parley/testkit', 'no-testkit-in-shipped-code'],
  ['packages/gateway/src/a.ts', '@parley/memory', 'gateway-imports'],
  ['packages/gateway/src/b.ts', '@parley/rest', 'gateway-imports'],
  ['packages/gateway/src/c.ts', 'ws', 'gateway-packages'],
  ['packages/gateway/src/d.test.ts', '@parley/rest', 'gateway-test-imports'],
  ['packages/rest/src/a.ts', '@parley/sqlite', 'rest-imports'],
  ['packages/rest/src/b.ts', '@parley/gateway', 'rest-imports'],
  ['packages/rest/src/c.ts', 'ws', 'rest-packages'],
  ['packages/rest/src/d.test.ts', '@parley/gateway', 'rest-test-imports'],
  ['packages/e2ee/src/a.ts', '@parley/client', 'e2ee-imports'],
  ['packages/e2ee/src/b.ts', 'zod', 'e2ee-packages'],
  ['packages/e2ee/src/c.ts', 'node:crypto', 'e2ee-runtime-apis'],
  ['packages/e2ee/src/node-crypto-provider.ts', 'node:fs', 'e2ee-provider-only-crypto'],
  ['packages/e2ee/src/d.test.ts', '@parley/core', 'e2ee-test-imports'],
  ['packages/client/src/a.ts', '@parley/core', 'client-imports'],
  ['packages/client/src/b.ts', 'node:fs', 'browser-runtime-apis'],
  ['packages/client/src/c.test.ts', '@parley/sqlite', 'client-test-imports'],
  ['packages/web/src/a.ts', '@parley/gateway', 'web-imports'],
  ['packages/web/src/b.ts', 'node:fs', 'browser-runtime-apis'],
  ['packages/web/src/c.test.ts', '@parley/core', 'web-test-imports'],
  ['packages/testkit/src/a.ts', '@parley/sqlite', 'testkit-imports'],
  ['packages/testkit/src/b.test.ts', '@parley/sqlite', 'testkit-test-imports'],
  ['adapters/sqlite/src/a.ts', '@parley/memory', 'adapter-imports'],
  ['adapters/sqlite/src/b.ts', '@parley/gateway', 'adapter-imports'],
  ['adapters/memory/src/c.test.ts', '@parley/sqlite', 'adapter-test-imports'],
  ['apps/server/src/a.ts', '@parley/client', 'server-imports'],
  ['apps/server/src/b.ts', '@parley/web', 'server-imports'],
  ['apps/server/src/c.test.ts', '@parley/web', 'server-test-imports'],
  ['apps/cli/src/a.ts', '@parley/core', 'cli-imports'],
  ['apps/cli/src/b.test.ts', '@parley/gateway', 'cli-test-imports'],
  ['packages/gateway/src/e.ts', '@parley/server', 'programs-are-not-imported'],
  ['tools/load/a.ts', '@parley/core', 'outside-imports'],
  ['tests/cluster/a.test.ts', '@parley/gateway', 'outside-imports'],
  ['tools/faults/simulation/a.ts', '@parley/sqlite', 'simulation-imports'],
  ['tools/faults/real/a.ts', '@parley/gateway', 'real-faults-imports'],
  ['packages/core/src/circle-one.ts', './circle-two.ts', 'no-circular'],
  ['packages/rest/src/e.ts', '../../core/src/circle-one.ts', 'no-deep-imports'],
  ['packages/rest/src/f.ts', 'no-such-package', 'no-unresolved'],
];

const allowed: readonly (readonly [from: string, specifier: string])[] = [
  ['packages/protocol/src/ok-a.ts', 'zod'],
  ['packages/core/src/ok-a.ts', '@parley/protocol'],
  ['packages/core/src/ok-b.test.ts', '@parley/testkit'],
  ['packages/core/test/ok-c.ts', '@parley/memory'],
  ['packages/core/src/ok-d.test.ts', 'node:fs'],
  ['packages/gateway/src/ok-a.ts', '@parley/core'],
  ['packages/rest/src/ok-a.ts', 'fastify'],
  ['packages/e2ee/src/ok-a.ts', '@noble/hashes/sha2.js'],
  ['packages/e2ee/src/node.ts', 'node:crypto'],
  ['packages/client/src/ok-a.ts', '@parley/e2ee'],
  ['packages/client/src/node.ts', 'node:fs'],
  ['packages/client/src/ok-b.test.ts', '@parley/gateway'],
  ['packages/client/src/ok-c.test.ts', '@parley/rest'],
  ['packages/testkit/src/ok-a.ts', '@parley/core'],
  ['adapters/sqlite/src/ok-a.ts', '@parley/core'],
  ['adapters/sqlite/src/ok-b.ts', 'node:sqlite'],
  ['adapters/sqlite/src/ok-c.test.ts', '@parley/memory'],
  ['apps/server/src/ok-a.ts', '@parley/sqlite'],
  ['apps/server/src/ok-b.test.ts', '@parley/client'],
  ['apps/cli/src/ok-a.ts', '@parley/client'],
  ['tools/load/ok-a.ts', '@parley/client'],
];

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A small house with an empty package in every room and the repository's own rules. */
function buildHouse(): string {
  const root = mkdtempSync(join(tmpdir(), 'parley-import-rules-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(repository, file), join(root, file));
  }
  const rooms = [
    ...packages.map((name) => ['packages', name] as const),
    ...adapters.map((name) => ['adapters', name] as const),
    ...apps.map((name) => ['apps', name] as const),
  ];
  mkdirSync(join(root, 'node_modules/@parley'), { recursive: true });
  for (const [kind, name] of rooms) {
    const manifest = { name: `@parley/${name}`, version: '0.1.0', type: 'module', exports: { '.': './src/index.ts' } };
    write(root, `${kind}/${name}/package.json`, JSON.stringify(manifest));
    write(root, `${kind}/${name}/src/index.ts`, 'export const here = 1;\n');
    symlinkSync(join(root, kind, name), join(root, 'node_modules/@parley', name));
  }
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name !== '@parley' && !name.startsWith('.')) {
      symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
    }
  }
  return root;
}

describe('the import rules', () => {
  let root: string;
  let report: ImportReport;

  beforeAll(() => {
    root = buildHouse();
    for (const [from, specifier] of [...forbidden, ...allowed]) {
      write(root, from, `import * as it from '${specifier}';\nexport const used = it;\n`);
    }
    write(root, 'packages/core/src/circle-two.ts', "import * as it from './circle-one.ts';\nexport const used = it;\n");
    report = checkImports(root);
  }, 60_000);

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('reads every planted file', () => {
    expect(report.modules).toEqual(expect.arrayContaining([...forbidden, ...allowed].map(([from]) => from)));
  });

  it.each(forbidden)('%s may not import %s (%s)', (from, _specifier, rule) => {
    expect(report.broken.filter((one) => one.from === from).map((one) => one.rule)).toContain(rule);
  });

  it.each(allowed)('%s may import %s', (from) => {
    expect(report.broken.filter((one) => one.from === from)).toEqual([]);
  });

  it('tells whoever breaks a rule what to do instead', () => {
    expect(report.broken.filter(({ sentence }) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
  });

  it('has a planted violation for every rule it knows', () => {
    const planted = new Set(forbidden.map(([, , rule]) => rule));
    expect(report.rules.filter((rule) => !planted.has(rule))).toEqual([]);
  });
});
