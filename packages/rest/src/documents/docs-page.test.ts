import { CLOSE, ERRORS, ROUTES } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { docsPage, errorsPage } from './docs-page.ts';
import { html, prose } from './html.ts';
import { openApiDocument } from './open-api.ts';

const markup = docsPage(openApiDocument({ version: '1.2.3' }));
const anchors = new Set([...markup.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));

describe('the page /docs', () => {
  test('has an article for every route and a row for every error and close code', () => {
    for (const name of Object.keys(ROUTES)) expect(anchors).toContain(name);
    for (const code of Object.keys(ERRORS)) expect(anchors).toContain(code);
    for (const { code } of Object.values(CLOSE)) expect(anchors).toContain(`close-${code}`);
  });

  test('every link of the page leads somewhere, and no anchor is there twice', () => {
    for (const [, target] of markup.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target);
    for (const [, target] of markup.matchAll(/aria-labelledby="([^"]+)"/g)) expect(anchors).toContain(target);
    expect([...markup.matchAll(/ id="/g)]).toHaveLength(anchors.size);
  });

  test('loads nothing and runs nothing', () => {
    expect(markup).not.toMatch(/<script|<img|<link|@import|url\(|\son[a-z]+=|javascript:/i);
  });

  test('opens what it closes', () => {
    const open: string[] = [];
    for (const [, slash, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (name === 'meta') continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });
});

test('[ERR-1] the type of every problem is an anchor of /errors', () => {
  for (const code of Object.keys(ERRORS)) expect(errorsPage()).toContain(`id="${code}"`);
});

test('values are escaped, markup of ours is not', () => {
  expect(html`<p title="${'"&'}">${'<b>'}${html`<i>${1}</i>`}${['<', html`<br>`]}</p>`.text).toBe(
    '<p title="&quot;&amp;">&lt;b&gt;<i>1</i>&lt;<br></p>',
  );
  expect(prose('a `<b>` c').text).toBe('a <code>&lt;b&gt;</code> c');
});
