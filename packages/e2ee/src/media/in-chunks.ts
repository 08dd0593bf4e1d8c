import { concatBytes } from '../bytes/bytes.ts';

export interface Chunk {
  readonly index: number;
  readonly chunk: Uint8Array;
  readonly isLast: boolean;
}

/** Cuts a stream of pieces of any size into chunks of one size; the last one is shorter, or empty for an empty stream. */
export async function* inChunks(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Chunk> {
  let index = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes <= chunkBytes) continue;
    // Strictly more than a chunk: what stays behind is never empty, so the last chunk is known as such.
    const whole = concatBytes(...waiting);
    let offset = 0;
    for (; whole.length - offset > chunkBytes; offset += chunkBytes) {
      yield { index, chunk: whole.subarray(offset, offset + chunkBytes), isLast: false };
      index += 1;
    }
    waiting = [whole.subarray(offset)];
    waitingBytes = whole.length - offset;
  }
  yield { index, chunk: concatBytes(...waiting), isLast: true };
}
