import { WRITTEN_ERRORS } from './protocol-page.ts';
import { type Definitions, mismatches, type Schema } from './schema-match.ts';

interface MediaType {
  readonly schema?: Schema;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Definitions };
}

interface Answered {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

/** What the server under test publishes about itself, and how far its answers keep it. */
export class PublishedApi {
  readonly #document: Document;
  readonly #addresses: readonly {
    readonly pattern: RegExp;
    readonly operations: Readonly<Record<string, Operation>>;
  }[];

  private constructor(document: Document) {
    this.#document = document;
    this.#addresses = Object.entries(document.paths)
      .map(([path, operations]) => ({ path, pattern: patternOf(path), operations }))
      // A fixed address counts before one with a parameter.
      .sort((one, other) => one.path.split('{').length - other.path.split('{').length);
  }

  static async of(url: string): Promise<PublishedApi> {
    // The cast holds as far as the document is OpenAPI 3.1; where it is not, answers fail to match.
    return new PublishedApi((await (await fetch(`${url}/openapi.json`)).json()) as Document);
  }

  /** HTTP-3, ERR-1: every disagreement between an answer, /openapi.json and the table of errors. */
  disagreements({ method, path, status, mediaType, text }: Answered): string[] {
    const address = path.split('?', 1)[0] ?? '';
    const operation = this.#addresses.find(({ pattern }) => pattern.test(address))?.operations[method.toLowerCase()];
    const found = status >= 400 ? tableDisagreements(status, mediaType, text) : [];
    if (operation === undefined) return found;
    const response = operation.responses[String(status)];
    if (response === undefined) return [...found, `the status ${status} is not published`];
    const schema = response.content?.[mediaType]?.schema;
    if (response.content === undefined) return text === '' ? found : [...found, 'a body is not published'];
    if (response.content[mediaType] === undefined) return [...found, `the media type ${mediaType} is not published`];
    if (schema === undefined || !/[/+]json$/.test(mediaType)) return found;
    return [...found, ...mismatches(schema, JSON.parse(text), this.#document.components.schemas)];
  }
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

function tableDisagreements(status: number, mediaType: string, text: string): string[] {
  if (mediaType !== 'application/problem+json') return [`a refusal is ${mediaType}`];
  // The cast holds as far as the answer is a problem; every field is compared.
  const problem = JSON.parse(text) as { code?: string; status?: number; title?: string; detail?: string };
  const row = WRITTEN_ERRORS.get(problem.code ?? '');
  if (row === undefined) return [`the code ${problem.code} is not in the table`];
  const found: string[] = [];
  if (row[0] !== String(status) || problem.status !== status) found.push(`${problem.code} came with ${status}`);
  if (row[2] !== problem.title) found.push(`the title of ${problem.code} is "${problem.title}"`);
  if ((problem.detail ?? '').length < 10) found.push(`${problem.code} came without a sentence`);
  return found;
}
