import {
  API_PREFIX,
  content,
  contentInput,
  ERRORS,
  type ErrorCode,
  logEntry,
  ROUTES,
  type Route,
  type RouteName,
} from '@parley/protocol';
import { CHAPTERS, OPERATIONS } from './operations.ts';
import { type JsonSchema, SchemaBook } from './schema-book.ts';

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}
export interface OpenApiContent {
  readonly [mediaType: string]: { readonly schema: JsonSchema };
}
export interface OpenApiResponse {
  readonly description: string;
  readonly content?: OpenApiContent;
}
export interface OpenApiOperation {
  readonly operationId: RouteName;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: { readonly required: true; readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
  /** Ids of docs/protocol.md. */
  readonly 'x-rules': readonly string[];
}
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

type Schema = NonNullable<Route['body']>;
type Direction = 'input' | 'output';

// The cast holds: the result is a JSON Schema object, and JsonSchema only reads keywords.
const jsonSchemaOf = (schema: Schema, io: Direction): JsonSchema =>
  schema.toJSONSchema({ io, unrepresentable: 'any' }) as JsonSchema;

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457 problem. `code` never changes its meaning; see /errors.',
  properties: {
    type: { type: 'string', description: 'Address that explains the code.', examples: ['/errors#NOT_FOUND'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    detail: { type: 'string', description: 'What happened, what was and was not done, what to do next.' },
    retry_after_ms: { type: 'integer', minimum: 0 },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
};

/** Shapes that several addresses share, parts before wholes. */
function defineResources(book: SchemaBook): void {
  const resources: readonly (readonly [string, Schema])[] = [
    ['Content', content],
    ['LogEntry', logEntry],
    ['User', ROUTES.getUser.response],
    ['Me', ROUTES.getMe.response],
    ['Session', ROUTES.login.response],
    ['Settings', ROUTES.updateSettings.response],
    ['Message', ROUTES.listMessages.response.shape.messages.element],
    ['Member', ROUTES.changeRole.response],
    ['Conversation', ROUTES.getConversation.response],
    ['Snapshot', ROUTES.getSnapshot.response],
    ['HistoryPage', ROUTES.listMessages.response],
    ['WriteAnswer', ROUTES.sendMessage.response],
    ['Device', ROUTES.listDevices.response.shape.items.element],
    ['Presence', ROUTES.queryPresence.response.shape.items.element],
    ['KeyBundle', ROUTES.takeKeys.response.shape.bundles.element],
    ['MailboxItem', ROUTES.readMailbox.response.shape.items.element],
  ];
  for (const [name, schema] of resources) book.define(name, jsonSchemaOf(schema, 'output'));
  book.define('ContentInput', jsonSchemaOf(contentInput, 'input'));
  book.define('Problem', PROBLEM);
}

/** OpenAPI 3.1 document of every route, made from the table that the server serves and checks with. */
export function openApiDocument({ version }: { readonly version: string }): OpenApiDocument {
  const book = new SchemaBook();
  defineResources(book);
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  // The cast holds: these are the keys of ROUTES, and Object.entries loses their type.
  for (const [name, route] of Object.entries<Route>(ROUTES) as [RouteName, Route][]) {
    const path = (API_PREFIX + route.path).replaceAll(/:([a-z_]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(book, name, route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parley API',
      version,
      description:
        'JSON in UTF-8. Errors are RFC 9457 problems with a stable code. Writes take an idempotency key: no answer means unknown, repeat with the same key. The same commands exist on the socket, see /asyncapi.json.',
    },
    servers: [{ url: '/' }],
    tags: Object.entries(CHAPTERS).map(([tag, description]) => ({ name: tag, description })),
    paths,
    components: {
      schemas: book.schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of a device (AUTH-2).',
        },
      },
    },
  };
}

function operationOf(book: SchemaBook, name: RouteName, route: Route): OpenApiOperation {
  const { chapter, rules } = OPERATIONS[name];
  const title = name.slice(0, 1).toUpperCase() + name.slice(1);
  return {
    operationId: name,
    tags: [chapter],
    summary: route.summary,
    ...(route.auth === 'admin' ? { description: 'For administrators of the server.' } : {}),
    security: route.auth === 'none' ? [] : [{ bearer: [] }],
    parameters: parametersOf(book, route),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: jsonContent(book.define(`${title}Request`, jsonSchemaOf(route.body, 'input'))),
          },
        }),
    responses: {
      [route.status]: successOf(book, title, route),
      ...problemsOf(errorsOf(route)),
    },
    'x-rules': rules,
  };
}

const jsonContent = (schema: JsonSchema): OpenApiContent => ({ 'application/json': { schema } });

function parametersOf(book: SchemaBook, route: Route): OpenApiParameter[] {
  const parameters = (['params', 'query'] as const).flatMap((part) => {
    const schema = route[part];
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input');
    return Object.entries(properties).map(
      ([name, property]): OpenApiParameter => ({
        name,
        in: part === 'params' ? 'path' : 'query',
        required: part === 'params' || required.includes(name),
        schema: book.write(property),
      }),
    );
  });
  if (!route.idempotent) return parameters;
  const description = 'A UUID in lower case; equal to `client_msg_id` where the body has one.';
  return [
    ...parameters,
    { name: 'Idempotency-Key', in: 'header', required: false, description, schema: { type: 'string', format: 'uuid' } },
  ];
}

function successOf(book: SchemaBook, title: string, route: Route): OpenApiResponse {
  if (route.produces !== undefined)
    return { description: 'One JSON object a line.', content: { [route.produces]: { schema: { type: 'string' } } } };
  if (route.response === undefined) return { description: 'Done; no body.' };
  const schema = book.define(`${title}Answer`, jsonSchemaOf(route.response, 'output'));
  return { description: 'Done.', content: jsonContent(schema) };
}

/** What a route names itself, and what every route of its kind can answer. */
export function errorsOf(route: Route): ErrorCode[] {
  const hasInput = route.params !== undefined || route.query !== undefined || route.body !== undefined;
  return [
    ...new Set<ErrorCode>([
      ...route.errors,
      ...(hasInput || route.idempotent ? (['INVALID_REQUEST'] as const) : []),
      ...(route.method === 'GET' ? [] : (['BAD_FRAME', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
      ...(route.auth === 'none' ? [] : (['NOT_AUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_INVALID'] as const)),
      'RATE_LIMITED',
      'STORE_UNAVAILABLE',
      'SHUTTING_DOWN',
      'INTERNAL',
    ]),
  ];
}

function problemsOf(codes: readonly ErrorCode[]): Record<string, OpenApiResponse> {
  const byStatus = Object.groupBy(codes, (code) => String(ERRORS[code].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, list = []]) => [
      status,
      {
        description: list.map((code) => `${code}: ${ERRORS[code].title}`).join(' '),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: list } } }],
            },
          },
        },
      },
    ]),
  );
}
