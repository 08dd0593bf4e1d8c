import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLOSE } from './close-codes.ts';
import { contentInput } from './content.ts';
import { asyncApiDocument } from './documents/async-api.ts';
import { protoText } from './documents/proto-text.ts';
import { ERROR_CODES, ERRORS } from './errors.ts';
import { COMMAND_NUMBERS, SERVER_FRAME_NUMBERS } from './frames.ts';
import type { Route } from './routes/route.ts';
import { ROUTES } from './routes/routes.ts';

const rules = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

describe('the contract as a whole', () => {
  it('numbers of frames are unique in each direction', () => {
    for (const numbers of [COMMAND_NUMBERS, SERVER_FRAME_NUMBERS]) {
      const all = Object.values(numbers);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('[ERR-1] the written table of errors is the table of the code', () => {
    for (const code of ERROR_CODES)
      expect(rules).toContain(
        `| \`${code}\` | ${ERRORS[code].status} | ${ERRORS[code].retry} | ${ERRORS[code].title} |`,
      );
  });

  it('[CONN-9] the written table of close codes is the table of the code', () => {
    for (const [name, row] of Object.entries(CLOSE))
      expect(rules).toContain(`| ${row.code} | \`${name}\` | ${row.advice} | ${row.reason} |`);
  });

  it('rule ids are unique', () => {
    const ids = [...rules.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map((match) => match[1]);
    expect(ids.length).toBeGreaterThan(80);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('every parameter of a path has a schema and every address is there once', () => {
    const seen = new Set<string>();
    for (const route of Object.values<Route>(ROUTES)) {
      const named = [...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]);
      expect(Object.keys(route.params?.shape ?? {}).sort()).toEqual(named.sort());
      const address = `${route.method} ${route.path}`;
      expect(seen.has(address), address).toBe(false);
      seen.add(address);
    }
  });

  it('every frame stands in the AsyncAPI document and in the .proto file, and all references resolve', () => {
    const document = asyncApiDocument({ version: '1.2.3' });
    const text = JSON.stringify(document);
    const proto = protoText();
    for (const type of [...Object.keys(COMMAND_NUMBERS), ...Object.keys(SERVER_FRAME_NUMBERS)]) {
      expect(text).toContain(`"name":"${type}"`);
      expect(proto).toMatch(new RegExp(` ${type} = \\d+;`));
    }
    for (const match of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
      const found = (match[1] ?? '')
        .split('/')
        .slice(1)
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key.replaceAll('~1', '/')], document);
      expect(found, match[1]).toBeDefined();
    }
  });
});

it('[FRAME-1] what stands for bytes in JSON stands for bytes in the binary form too: one digit left over is refused', () => {
  const read = (sealed: string) => contentInput.safeParse({ sealed }).success;
  for (const text of ['AA', 'AAA', 'AAAA', 'AAAAAA']) expect(read(text)).toBe(true);
  for (const text of ['A', 'AAAAA', 'AA==', 'A+', 'A A']) expect(read(text)).toBe(false);
});
