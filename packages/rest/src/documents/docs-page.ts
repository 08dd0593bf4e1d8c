import { type Html, html, prose } from './html.ts';
import type { OpenApiDocument, OpenApiOperation, OpenApiParameter, OpenApiResponse } from './open-api.ts';
import { CHAPTERS } from './operations.ts';
import { page } from './page.ts';
import type { JsonSchema } from './schema-book.ts';
import { closeTable, errorTable } from './tables.ts';

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
  /** Written out, because a reader wants the fields and not a name. */
  readonly body: JsonSchema | undefined;
}

/** The same document as /openapi.json, for people. */
export function docsPage(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Entry => ({ method, path, operation, body: bodyOf(document, operation) }),
    ),
  );
  const chapters = Object.keys(CHAPTERS).map((name) => ({
    name,
    entries: entries.filter(({ operation }) => operation.tags[0] === name),
  }));
  const navigation = html`<a href="#content"><strong>${document.info.title}</strong></a>
${chapters.map(({ name, entries: own }) => html`<h2>${name}</h2><ul>${own.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.operationId}</a></li>`)}</ul>`)}
<h2>Tables</h2><ul><li><a href="#schemas">Shapes</a></li><li><a href="#errors">Errors</a></li><li><a href="#close-codes">Close codes</a></li></ul>`;
  const content = html`<h1>${document.info.title}</h1>
<p>${prose(document.info.description)}</p>
<p class="quiet">Version ${document.info.version}. For programs: <a href="/openapi.json">/openapi.json</a> (HTTP), <a href="/asyncapi.json">/asyncapi.json</a> (socket), <a href="/parley.proto">/parley.proto</a> (binary frames).</p>
${document.tags.map(
  (
    tag,
  ) => html`<section aria-labelledby="${anchorOf(tag.name)}"><h2 id="${anchorOf(tag.name)}">${tag.name}</h2><p>${prose(tag.description)}</p>
${entries.filter(({ operation }) => operation.tags[0] === tag.name).map(operationArticle)}</section>`,
)}
<section aria-labelledby="schemas"><h2 id="schemas">Shapes</h2>
${Object.entries(document.components.schemas)
  .filter(([name]) => !isBody(name))
  .map(([name, schema]) => schemaArticle(name, schema))}</section>
<section aria-labelledby="errors"><h2 id="errors">Errors</h2>${errorTable()}</section>
<section aria-labelledby="close-codes"><h2 id="close-codes">Close codes</h2>${closeTable()}</section>`;
  return page(document.info.title, navigation, content);
}

/** `type` of every problem leads here. */
export function errorsPage(): string {
  const navigation = html`<a href="/docs"><strong>Parley API</strong></a><h2>This page</h2><ul><li><a href="#errors">Errors</a></li></ul>`;
  return page(
    'Errors of the Parley API',
    navigation,
    html`<h1 id="errors">Errors</h1><p>The same codes on HTTP and on the socket.</p>${errorTable()}`,
  );
}

const anchorOf = (text: string): string => `chapter-${text.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

/** Bodies are written where they are sent, so they need no chapter of their own. */
const isBody = (name: string): boolean => name.endsWith('Request');

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

function bodyOf(document: OpenApiDocument, operation: OpenApiOperation): JsonSchema | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema?.$ref === undefined || !isBody(nameOf(schema.$ref))) return schema;
  return document.components.schemas[nameOf(schema.$ref)];
}

function operationArticle({ method, path, operation, body }: Entry): Html {
  return html`<article id="${operation.operationId}" aria-labelledby="title-${operation.operationId}">
<h3 id="title-${operation.operationId}">${operation.summary}</h3>
<span class="path"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</span>
<p class="quiet">${operation.security.length === 0 ? 'For anybody.' : 'With an access token.'} ${operation.description ?? ''}${operation['x-rules'].length === 0 ? '' : ` Rules: ${operation['x-rules'].join(', ')}.`}</p>
${operation.parameters.length === 0 ? '' : parameterTable(operation.parameters)}
${body === undefined ? '' : html`<h4>Body</h4>${typeOf(body)}`}
<h4>Answers</h4>${answerTable(operation)}
</article>\n`;
}

const parameterTable = (parameters: readonly OpenApiParameter[]): Html =>
  html`<h4>Parameters</h4><div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th></tr></thead><tbody>${parameters.map(
    ({ name, in: place, required, schema, description }) =>
      html`<tr><td><code>${name}</code>${required ? '' : ' (optional)'}</td><td>${place}</td><td>${typeOf(schema)} ${prose(description ?? '')}</td></tr>`,
  )}</tbody></table></div>`;

const answerTable = ({ responses }: OpenApiOperation): Html =>
  html`<div class="scroll"><table><thead><tr><th scope="col">Status</th><th scope="col">Answer</th></tr></thead><tbody>${Object.entries(
    responses,
  ).map(
    ([status, response]) => html`<tr><td>${status}</td><td>${answerOf(response)}</td></tr>`,
  )}</tbody></table></div>`;

function answerOf({ description, content = {} }: OpenApiResponse): Html {
  const schema = content['application/json']?.schema;
  if (schema !== undefined) return typeOf(schema);
  const codes = content['application/problem+json']?.schema.allOf?.[1]?.properties?.code?.enum;
  if (codes === undefined) return html`${description}`;
  return joined(
    codes.map((code) => html`<a href="#${String(code)}"><code>${String(code)}</code></a>`),
    ', ',
  );
}

const schemaArticle = (name: string, schema: JsonSchema): Html =>
  html`<article id="shape-${name}" aria-labelledby="title-shape-${name}"><h3 id="title-shape-${name}"><code>${name}</code></h3>${
    schema.description === undefined ? '' : html`<p>${prose(schema.description)}</p>`
  }${schema.properties === undefined ? typeOf(schema) : fieldTable(schema)}</article>\n`;

const fieldTable = ({ properties = {}, required = [] }: JsonSchema): Html =>
  html`<div class="scroll"><table><thead><tr><th scope="col">Field</th><th scope="col">Type</th></tr></thead><tbody>${Object.entries(
    properties,
  ).map(
    ([name, field]) =>
      html`<tr><td><code>${name}</code>${required.includes(name) ? '' : ' (optional)'}</td><td>${typeOf(field)} ${prose(field.description ?? '')}</td></tr>`,
  )}</tbody></table></div>`;

/** A schema in words: a link where it has a name, else its type and bounds. */
function typeOf(schema: JsonSchema): Html {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return html`<a href="#shape-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return joined(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    );
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return joined(choices.map(typeOf), ' or ');
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}${boundsOf(schema)}`;
  if (schema.properties !== undefined) return fieldTable(schema);
  return html`${String(schema.type ?? 'anything')}${boundsOf(schema)}`;
}

const joined = (parts: readonly Html[], separator: string): Html =>
  html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`;

/** The largest integer of JavaScript says nothing to a reader. */
const isTelling = (bound: unknown): bound is number =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function boundsOf(schema: JsonSchema): Html {
  const bounds = (
    [
      ['minimum', 'at least'],
      ['maximum', 'at most'],
      ['minLength', 'length at least'],
      ['maxLength', 'length at most'],
      ['minItems', 'items at least'],
      ['maxItems', 'items at most'],
      ['default', 'default'],
    ] as const
  ).flatMap(([keyword, words]) => (isTelling(schema[keyword]) ? [`${words} ${schema[keyword]}`] : []));
  return bounds.length === 0 ? html`` : html` <span class="quiet">(${bounds.join(', ')})</span>`;
}
