import type { Command } from '../commands.ts';
import type { ServerFrame, SubprotocolName } from '../frames.ts';

/** What came of reading a frame (FRAME-3, FRAME-4). `id` is the command's number where it could be read. */
export type Decoded<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'unknown_type'; readonly id: number | undefined; readonly frameType: string }
  | { readonly kind: 'invalid'; readonly id: number | undefined; readonly fields: readonly FieldProblem[] };

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** One encoding of the frames. Stateless: the same frame is the same bytes on every connection, so that it is encoded once for all. */
export interface Codec {
  readonly name: SubprotocolName;
  encodeCommand(command: Command): string | Uint8Array<ArrayBuffer>;
  encodeServerFrame(frame: ServerFrame): string | Uint8Array<ArrayBuffer>;
  /** Never throws, whatever the bytes are. */
  decodeCommand(data: string | Uint8Array): Decoded<Command>;
  /** Never throws. */
  decodeServerFrame(data: string | Uint8Array): Decoded<ServerFrame>;
}
