import type { z } from 'zod';
import { COMMAND_SCHEMAS, type Command } from '../commands.ts';
import { SERVER_FRAME_SCHEMAS, type ServerFrame } from '../frames.ts';
import type { Decoded } from './codec.ts';
import { fieldProblems, readWith } from './field-problems.ts';

const schemasByType = <T>(schemas: readonly z.ZodObject[]): ReadonlyMap<string, z.ZodType<T>> =>
  // The casts hold: every frame schema has a literal `type`, and its output is a member of the union T.
  new Map(
    schemas.map((schema) => [(schema.shape.type as z.ZodLiteral<string>).value, schema as unknown as z.ZodType<T>]),
  );

const COMMANDS = schemasByType<Command>(COMMAND_SCHEMAS);
const SERVER_FRAMES = schemasByType<ServerFrame>(SERVER_FRAME_SCHEMAS);

const idOf = (frame: object): number | undefined =>
  'id' in frame && Number.isSafeInteger(frame.id) && Number(frame.id) >= 0 ? Number(frame.id) : undefined;

function check<T>(schemas: ReadonlyMap<string, z.ZodType<T>>, frame: unknown): Decoded<T> {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame))
    return { kind: 'unreadable', detail: 'A frame must be one object.' };
  if (!('type' in frame) || typeof frame.type !== 'string')
    return { kind: 'unreadable', detail: 'A frame must have a type, which is a text.' };
  const schema = schemas.get(frame.type);
  if (schema === undefined) return { kind: 'unknown_type', id: idOf(frame), frameType: frame.type.slice(0, 50) };
  const parsed = readWith(schema, frame);
  if (parsed.success) return { kind: 'ok', value: parsed.data };
  return { kind: 'invalid', id: idOf(frame), fields: fieldProblems(parsed.error) };
}

export const checkCommand = (frame: unknown): Decoded<Command> => check(COMMANDS, frame);
export const checkServerFrame = (frame: unknown): Decoded<ServerFrame> => check(SERVER_FRAMES, frame);
