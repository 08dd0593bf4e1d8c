import { createElement, Fragment } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { renderMarkdown } from './markdown.tsx';

const html = (text: string): string =>
  renderToStaticMarkup(
    createElement(
      Fragment,
      null,
      renderMarkdown(text, (piece) => piece),
    ),
  );

test.each([
  ['**b** *i* ~~s~~ `c`', '<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>'],
  ['one\ntwo', '<p>one<br/>two</p>'],
  ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['3. a', '<ol start="3"><li>a</li></ol>'],
  ['> said', '<blockquote><p>said</p></blockquote>'],
  [
    'see https://example.org/a',
    '<p>see <a href="https://example.org/a" target="_blank" rel="noopener noreferrer">https://example.org/a</a></p>',
  ],
])('%j becomes elements of the short list', (text, expected) => expect(html(text)).toBe(expected));

test('a picture of Markdown is no picture but a link to it', () => {
  expect(html('![a](https://example.org/a.png)')).toMatch(/^<p>!<a href="https:\/\/example.org\/a.png"/);
});

test.each([
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script> **b**',
  '[a](javascript:alert(1))',
  '[a](data:text/html,x)',
  '# heading',
  '| a | b |\n|---|---|\n| c | d |',
])('%j stays text', (text) => {
  const tags = [...html(text).matchAll(/<([a-z0-9]+)/g)].map((match) => match[1] ?? '');
  expect(tags.filter((tag) => !['p', 'strong', 'br'].includes(tag))).toEqual([]);
});
