import { createHash } from 'node:crypto';
import { Html, html } from './html.ts';

const STYLE = `
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #23201c; --quiet: #655f57; --line: #e3ded6; --tint: #f4f1ec; --accent: #0b6e5f;
  --get: #14568c; --post: #1c6b33; --put: #8a5200; --patch: #6d3d9c; --delete: #a12622; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --ink: #e8e5e0; --quiet: #a29c93; --line: #33373a; --tint: #1f2326; --accent: #5fcdb8;
  --get: #7db8ec; --post: #7fd197; --put: #e8b25c; --patch: #c7a2ee; --delete: #f28f8a; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: 0.5rem; }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 78rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem; border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--quiet); margin: 1.4rem 0 0.3rem; }
nav ul { list-style: none; margin: 0; padding: 0; } nav a { display: block; padding: 0.15rem 0.4rem; text-decoration: none; border-radius: 4px; }
nav a:hover { background: var(--tint); }
main { padding: 2rem 2.5rem 6rem; min-width: 0; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 0.5rem; letter-spacing: -0.02em; }
main h2 { margin: 3.5rem 0 0.25rem; font-size: 1.5rem; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 1.05rem; } h4 { margin: 1.2rem 0 0.3rem; font-size: 0.8rem; color: var(--quiet); text-transform: uppercase; letter-spacing: 0.05em; }
article { margin: 1.5rem 0; padding: 1.1rem 1.25rem 1.25rem; border: 1px solid var(--line); border-radius: 10px; }
article:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
code, .path { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.875em; }
:not(.path) > code { background: var(--tint); padding: 0.1em 0.3em; border-radius: 4px; }
.path { display: block; margin: 0.3rem 0 0; overflow-wrap: anywhere; font-size: 0.95rem; }
.method { font-weight: 700; } .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.quiet { color: var(--quiet); font-size: 0.9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.3rem; }
th { text-align: left; font-weight: 600; color: var(--quiet); } th, td { padding: 0.35rem 0.8rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:target { background: var(--tint); }
@media (max-width: 50rem) { .frame { display: block; } nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); } nav ul { columns: 2; } main { padding: 1.25rem; } }
`;

/** Allows this one style sheet and nothing else: no script, no picture, no other host. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A whole page: navigation beside the content, light or dark as the reader likes, usable without a mouse. */
export function page(title: string, navigation: Html, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="frame">
<nav aria-label="Chapters">${navigation}</nav>
<main id="content">${content}</main>
</div>
</body>
</html>
`.text;
}
