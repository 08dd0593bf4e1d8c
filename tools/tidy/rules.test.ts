import { describe, expect, it } from 'vitest';
import type { Finding } from './rule.ts';
import { sizeRules } from './rules/size.ts';
import { rules } from './rules.ts';
import { sourceTree } from './source-tree.ts';

type Texts = Readonly<Record<string, string>>;

/** For each rule: trees that break it, with what must be found, and trees that are fine. */
interface Example {
  readonly breaks: readonly (readonly [texts: Texts, found: string])[];
  readonly keeps: readonly Texts[];
}

function lock(packages: object): Texts {
  return { 'package-lock.json': JSON.stringify({ packages }) };
}

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

const examples: Readonly<Record<string, Example>> = {
  'file-size': {
    breaks: [[{ 'packages/core/src/long.ts': lines(401, 'f();') }, '401 lines, 400 at most']],
    keeps: [{ 'packages/core/src/long.ts': lines(400, 'f();') }],
  },
  'function-size': {
    breaks: [[{ 'packages/core/src/long.ts': `function f() {\n${lines(69, 'g();')}}` }, '71 lines, 70 at most']],
    keeps: [
      { 'packages/core/src/long.ts': `function f() {\n${lines(68, 'g();')}}` },
      {
        'packages/core/src/x.test.ts': `describe('x', () => {\n${lines(30, "it('a b c', () => {\nf();\nf();\n});")}});`,
      },
    ],
  },
  'pure-core': {
    breaks: [
      [{ 'packages/core/src/a.ts': 'const t = Date.now();' }, 'Date.now'],
      [{ 'packages/core/src/a.ts': 'const t = new Date();' }, 'new Date()'],
      [{ 'packages/core/src/a.ts': 'const t = Math.random();' }, 'Math.random'],
      [{ 'packages/core/src/a.ts': 'process.exit(1);' }, 'process'],
      [{ 'packages/core/src/a.ts': 'setTimeout(f, 1);' }, 'setTimeout'],
      [{ 'packages/core/src/a.ts': 'globalThis.setInterval(f, 1);' }, 'globalThis.setInterval'],
      [{ 'packages/protocol/src/a.ts': 'crypto.randomUUID();' }, 'crypto'],
      [{ 'packages/protocol/src/a.ts': 'const { randomUUID } = crypto;' }, 'crypto'],
    ],
    keeps: [
      { 'packages/core/src/a.ts': 'const t = new Date(ms); job.process(); const options = { process: 1 };' },
      { 'packages/core/src/a.test.ts': 'const t = Date.now();' },
      { 'adapters/memory/src/a.ts': 'const t = Date.now();' },
    ],
  },
  'environment-in-one-place': {
    breaks: [
      [{ 'adapters/redis/src/a.ts': 'f(process.env.URL);' }, 'process.env'],
      [{ 'adapters/redis/src/a.ts': "f(process['env']);" }, "process['env']"],
      [{ 'adapters/redis/src/a.ts': 'const { env } = process;' }, '{ env } = process'],
      [{ 'apps/server/src/main.ts': "import { env } from 'node:process';" }, "import { env } from 'node:process';"],
    ],
    keeps: [{ 'apps/server/src/config.ts': 'f(process.env);' }, { 'bin/src/a.mjs': 'f(process.env);' }],
  },
  'no-dumping-grounds': {
    breaks: [
      [{ 'packages/core/src/utils/a.ts': '' }, 'packages/core/src/utils/a.ts'],
      [{ 'packages/core/src/types.ts': '' }, 'packages/core/src/types.ts'],
    ],
    keeps: [{ 'packages/core/src/common-prefix.ts': '', 'packages/core/src/frame-types.ts': '' }],
  },
  'no-default-exports': {
    breaks: [
      [{ 'packages/core/src/a.ts': 'export default 1;' }, 'export default 1;'],
      [{ 'packages/core/src/a.ts': 'export default class A {}' }, 'export default class A {}'],
      [{ 'packages/core/src/a.ts': 'const a = 1;\nexport { a as default };' }, 'a as default'],
    ],
    keeps: [{ 'vitest.config.ts': 'export default {};', 'packages/core/src/a.ts': 'export const a = 1;' }],
  },
  'no-star-exports': {
    breaks: [
      [{ 'packages/core/src/index.ts': "export * from './a.ts';" }, "export * from './a.ts';"],
      [{ 'packages/core/src/index.ts': "export * as a from './a.ts';" }, "export * as a from './a.ts';"],
    ],
    keeps: [{ 'packages/core/src/index.ts': "export { a } from './a.ts';" }],
  },
  'test-titles-claim': {
    breaks: [
      [{ 'packages/core/src/a.test.ts': "it('works', f);" }, "'works'"],
      [{ 'packages/core/src/a.test.ts': "test.skip('[SEND-1] sends', f);" }, "'[SEND-1] sends'"],
      [{ 'packages/core/src/a.test.ts': "it.each([1, 2])('case %s', f);" }, "'case %s'"],
    ],
    keeps: [
      { 'packages/core/src/a.test.ts': "it('[SEND-4] a retried message returns the first', f);" },
      { 'packages/core/src/a.test.ts': "it.each([1])('%s is refused', f); pattern.test('x');" },
    ],
  },
  'no-focused-tests': {
    breaks: [[{ 'packages/core/src/a.test.ts': "it.only('a claim about something', f);" }, 'it.only']],
    keeps: [{ 'packages/core/src/a.test.ts': "it('a claim about something', f);" }],
  },
  'no-open-ends': {
    breaks: [
      [{ 'packages/core/src/a.ts': '// TODO: later' }, 'TODO'],
      [{ 'docs/protocol.md': 'FIXME' }, 'FIXME'],
    ],
    keeps: [{ 'packages/core/src/a.ts': 'const methodology = 1;' }],
  },
  'no-machine-paths': {
    breaks: [
      [{ 'packages/core/src/a.ts': "f('/work/main');" }, '/work/main'],
      [{ 'bin/run': 'cp x /tmp/y' }, '/tmp/y'],
      [{ 'docs/a.md': 'see /home/ada/notes' }, '/home/ada'],
    ],
    keeps: [{ 'packages/core/src/a.ts': "f('packages/work/a', 'https://example.org/home/page');" }],
  },
  'no-registry-hosts': {
    breaks: [[{ '.npmrc.json': '"https://registry.npmjs.org/"' }, 'registry.npmjs.org']],
    keeps: [{ 'docs/a.md': 'the npm registry' }],
  },
  'links-lead-somewhere': {
    breaks: [
      [{ 'docs/a.md': 'see [b](b.md)' }, '](b.md'],
      [{ 'docs/a.md': 'see [b](../README.md#top)', 'docs/README.md': '' }, '](../README.md#top'],
    ],
    keeps: [
      { 'docs/a.md': '[b](b.md#part) [c](https://example.org) [d](#here) [e](./)', 'docs/b.md': '' },
      { 'docs/a.md': 'a sample `[b](c.md)`\n```\n[b](c.md)\n```\n' },
    ],
  },
  'exact-pins': {
    breaks: [
      [{ 'package.json': '{ "dependencies": { "ws": "^8.0.0" } }' }, 'ws: ^8.0.0'],
      [{ 'packages/core/package.json': '{ "devDependencies": { "a": "latest" } }' }, 'a: latest'],
    ],
    keeps: [{ 'package.json': '{ "dependencies": { "ws": "8.1.0", "typescript7": "npm:typescript@7.0.2" } }' }],
  },
  'no-resolved-hosts': {
    breaks: [[lock({ 'node_modules/a': { resolved: 'https://example.org/a.tgz' } }), 'a: https://example.org/a.tgz']],
    keeps: [lock({ 'node_modules/@parley/core': { resolved: 'packages/core', link: true } })],
  },
  'no-install-scripts': {
    breaks: [[lock({ 'node_modules/a/node_modules/b': { hasInstallScript: true } }), 'b']],
    keeps: [lock({ 'node_modules/a': {} })],
  },
  'locks-every-platform': {
    breaks: [
      [
        lock({
          'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
          'node_modules/a-linux': {},
        }),
        'a',
      ],
    ],
    keeps: [lock({ 'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0' } }, 'node_modules/a-linux': {} })],
  },
};

function findings(name: string, texts: Texts): readonly Finding[] {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule is called ${name}`);
  return rule.check(sourceTree(texts));
}

describe('the rules about our own code', () => {
  it('every rule has an example that breaks it and one that keeps it', () => {
    expect(Object.keys(examples).sort()).toEqual(rules.map(({ name }) => name).sort());
    for (const { breaks, keeps } of Object.values(examples)) {
      expect(breaks.length).toBeGreaterThan(0);
      expect(keeps.length).toBeGreaterThan(0);
    }
  });

  const breaking = Object.entries(examples).flatMap(([name, { breaks }]) =>
    breaks.map(([texts, found]) => [name, found, texts] as const),
  );
  it.each(breaking)('%s finds "%s" where it is planted', (name, found, texts) => {
    expect(findings(name, texts)).toEqual([
      expect.objectContaining({ found: expect.stringContaining(found) as string }),
    ]);
  });

  const keeping = Object.entries(examples).flatMap(([name, { keeps }]) => keeps.map((texts) => [name, texts] as const));
  it.each(keeping)('%s finds nothing in code that keeps it', (name, texts) => {
    expect(findings(name, texts)).toEqual([]);
  });

  it('a finding names the line, counted from 1', () => {
    expect(findings('pure-core', { 'packages/core/src/a.ts': '\n\nDate.now();' })).toEqual([
      { path: 'packages/core/src/a.ts', line: 3, found: 'Date.now' },
    ]);
  });
});

describe('the ratchet on sizes', () => {
  const path = 'packages/core/src/long.ts';
  const check = (count: number, allowedLines: number): string[] => {
    const allowed = { files: { [path]: { lines: allowedLines, reason: 'a long table' } }, functions: {} };
    return sizeRules(allowed).flatMap((rule) =>
      rule.check(sourceTree({ [path]: lines(count, 'f();') })).map(({ found }) => found),
    );
  };

  it('lets a listed file keep its size', () => {
    expect(check(500, 500)).toEqual([]);
  });

  it('refuses growth of a listed file', () => {
    expect(check(501, 500)).toEqual(['grew from 500 to 501 lines']);
  });

  it('asks for the smaller number when a listed file shrinks', () => {
    expect(check(450, 500)).toEqual(['shrank to 450 lines: lower its number to 450 in tools/tidy/ratchet.ts']);
  });

  it('asks for removal when a listed file is short again', () => {
    expect(check(10, 500)).toEqual(['shrank to 10 lines: remove it in tools/tidy/ratchet.ts']);
  });
});
