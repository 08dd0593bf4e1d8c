import { z } from 'zod';
import { CLOSE } from '../close-codes.ts';
import { COMMAND_SCHEMAS } from '../commands.ts';
import { SERVER_FRAME_SCHEMAS, SUBPROTOCOLS } from '../frames.ts';
import { WEBSOCKET_PATH } from '../routes/routes.ts';

const typeOf = (schema: z.ZodObject): string => String((schema.shape.type as z.ZodLiteral<string>).value);

function messagesOf(schemas: readonly z.ZodObject[], prefix: string, io: 'input' | 'output'): Record<string, object> {
  return Object.fromEntries(
    schemas.map((schema) => [
      `${prefix}.${typeOf(schema)}`,
      {
        name: typeOf(schema),
        contentType: 'application/json',
        payload: z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
      },
    ]),
  );
}

/** AsyncAPI 3 document of the socket: every frame in both directions, made from the schemas that the server checks with. */
export function asyncApiDocument(info: { readonly version: string }): object {
  const commands = messagesOf(COMMAND_SCHEMAS, 'command', 'input');
  const frames = messagesOf(SERVER_FRAME_SCHEMAS, 'server', 'output');
  const reference = (name: string): object => ({ $ref: `#/channels/socket/messages/${name}` });
  const closeCodes = Object.entries(CLOSE).map(
    ([name, row]) => `| ${row.code} | ${name} | ${row.advice} | ${row.reason} |`,
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley socket',
      version: info.version,
      description: [
        `WebSocket at ${WEBSOCKET_PATH}, subprotocol ${SUBPROTOCOLS.json} (these objects as text) or ${SUBPROTOCOLS.binary} (the same frames as protobuf, see /parley.proto).`,
        'Close codes:',
        ['| code | name | advice | reason |', '|---|---|---|---|', ...closeCodes].join('\n'),
      ].join('\n\n'),
    },
    channels: {
      socket: {
        address: WEBSOCKET_PATH,
        messages: Object.fromEntries(
          [...Object.keys(commands), ...Object.keys(frames)].map((name) => [
            name,
            { $ref: `#/components/messages/${name}` },
          ]),
        ),
      },
    },
    operations: {
      sendCommand: {
        action: 'send',
        channel: { $ref: '#/channels/socket' },
        messages: Object.keys(commands).map(reference),
      },
      receiveFrame: {
        action: 'receive',
        channel: { $ref: '#/channels/socket' },
        messages: Object.keys(frames).map(reference),
      },
    },
    components: { messages: { ...commands, ...frames } },
  };
}
