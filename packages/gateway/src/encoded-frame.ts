import type { Codec, ServerFrame } from '@parley/protocol';
import type { Counters } from './counters.ts';
import { webSocketFrame } from './websocket-frame.ts';

/** TYPE-2: what is dropped first under pressure. */
const EPHEMERAL: ReadonlySet<ServerFrame['type']> = new Set(['typing_start', 'typing_stop', 'presence_update']);

/** A frame on its way to any number of connections. Each codec encodes it at most once; the bytes include the WebSocket header. */
export class EncodedFrame {
  readonly frame: ServerFrame;
  readonly #counters: Counters;
  #binary: Buffer | undefined;
  #json: Buffer | undefined;

  constructor(frame: ServerFrame, counters: Counters) {
    this.frame = frame;
    this.#counters = counters;
  }

  get ephemeral(): boolean {
    return EPHEMERAL.has(this.frame.type);
  }

  bytes(codec: Codec): Buffer {
    if (codec.name === 'binary') {
      this.#binary ??= this.#encode(codec);
      return this.#binary;
    }
    this.#json ??= this.#encode(codec);
    return this.#json;
  }

  #encode(codec: Codec): Buffer {
    this.#counters.encodings += 1;
    return webSocketFrame(codec.encodeServerFrame(this.frame));
  }
}

/**
 * Gives the same EncodedFrame for the same frame object asked for again at once. A broadcast hands one object to its receivers in one
 * synchronous loop, or two by turns (an edit, and what newcomers have of it), so remembering the last two is enough, and nothing else is kept alive.
 */
export class FrameEncoder {
  readonly #counters: Counters;
  #last: EncodedFrame | undefined;
  #oneBefore: EncodedFrame | undefined;

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  of(frame: ServerFrame): EncodedFrame {
    if (this.#last?.frame === frame) return this.#last;
    const asked = this.#oneBefore?.frame === frame ? this.#oneBefore : new EncodedFrame(frame, this.#counters);
    this.#oneBefore = this.#last;
    this.#last = asked;
    return asked;
  }
}
