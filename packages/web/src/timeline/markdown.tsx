import MarkdownIt, { type Token } from 'markdown-it';
import { Fragment, type ReactNode } from 'react';

/**
 * The part of Markdown that belongs in a message. It is never turned into HTML: tokens become elements, so whatever somebody writes is text or one of
 * the elements below. Images, headings, tables and raw HTML stay as they were typed.
 */
const parser = new MarkdownIt('default', { html: false, linkify: true, breaks: true, typographer: false });
parser.disable(['heading', 'lheading', 'hr', 'table', 'image', 'reference', 'html_block', 'html_inline', 'entity']);
parser.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim());

/** Most messages are plain: these can hold nothing that the parser would find. */
const isPlain = (text: string): boolean => !/[*_~`>[\]|\\]|^\s*[-+\d]|:\/\/|www\.|\.\w{2,}|@\w|\n/m.test(text);

export type TextRenderer = (text: string) => ReactNode;

export function renderMarkdown(text: string, renderText: TextRenderer): ReactNode {
  if (isPlain(text)) return <p>{renderText(text)}</p>;
  return renderTokens(parser.parse(text, {}), renderText);
}

function renderTokens(tokens: readonly Token[], renderText: TextRenderer): ReactNode {
  const root: ReactNode[] = [];
  const open: { readonly token: Token; readonly children: ReactNode[] }[] = [];
  const add = (node: ReactNode) => (open.at(-1)?.children ?? root).push(node);
  tokens.forEach((token, index) => {
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === 0) add(<Fragment key={index}>{renderLeaf(token, renderText)}</Fragment>);
    else {
      const closed = open.pop();
      if (closed !== undefined) add(<Fragment key={index}>{renderElement(closed.token, closed.children)}</Fragment>);
    }
  });
  return root;
}

function renderLeaf(token: Token, renderText: TextRenderer): ReactNode {
  switch (token.type) {
    case 'inline':
      return renderTokens(token.children ?? [], renderText);
    case 'code_inline':
      return <code>{token.content}</code>;
    case 'fence':
    case 'code_block':
      return (
        // A long line scrolls within; focus lets a keyboard do it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
        <pre tabIndex={0} dir="ltr">
          <code>{token.content.replace(/\n$/, '')}</code>
        </pre>
      );
    case 'softbreak':
    case 'hardbreak':
      return <br />;
    default:
      return renderText(token.content);
  }
}

function renderElement(token: Token, children: ReactNode): ReactNode {
  switch (token.type) {
    case 'paragraph_open':
      return token.hidden ? children : <p>{children}</p>;
    case 'strong_open':
      return <strong>{children}</strong>;
    case 'em_open':
      return <em>{children}</em>;
    case 's_open':
      return <s>{children}</s>;
    case 'blockquote_open':
      return <blockquote>{children}</blockquote>;
    case 'bullet_list_open':
      return <ul>{children}</ul>;
    case 'ordered_list_open':
      return <ol start={Number(token.attrGet('start') ?? 1)}>{children}</ol>;
    case 'list_item_open':
      return <li>{children}</li>;
    case 'link_open':
      return (
        <a href={String(token.attrGet('href'))} target="_blank" rel="noopener noreferrer">
          {children}
        </a>
      );
    default:
      return children;
  }
}
