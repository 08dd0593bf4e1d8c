import type { Codec } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { EncodedFrame } from './encoded-frame.ts';

/**
 * Frames that wait for one connection, bounded in bytes (CONN-11). Beyond the bound ephemeral frames go first; when nothing is left to drop the
 * push is an `overflow` and the connection must be closed as too slow.
 */
export class OutboundQueue {
  readonly #codec: Codec;
  readonly #bytesMax: number;
  readonly #counters: Counters;
  /**
   * One array for as long as the connection lives, emptied when its frames leave: an old object that was thrown away with its frames would keep them and their messages alive, though nobody
   * has it any more, until the next full collection.
   */
  readonly #frames: EncodedFrame[] = [];
  #bytes = 0;

  constructor(codec: Codec, bytesMax: number, counters: Counters) {
    this.#codec = codec;
    this.#bytesMax = bytesMax;
    this.#counters = counters;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** Encoded bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `bytesBeyond`: what the connection has taken from this queue but not yet got rid of; it counts towards the bound. */
  push(frame: EncodedFrame, bytesBeyond: number): 'queued' | 'dropped' | 'overflow' {
    const size = frame.bytes(this.#codec).byteLength;
    if (!this.#fits(size, bytesBeyond)) {
      if (frame.ephemeral) {
        this.#counters.ephemeralsDropped += 1;
        return 'dropped';
      }
      this.#dropEphemerals();
      if (!this.#fits(size, bytesBeyond)) return 'overflow';
    }
    this.#frames.push(frame);
    this.#bytes += size;
    return 'queued';
  }

  /** The oldest frames, removed from the queue; all of them by default. */
  take(framesMax = Number.POSITIVE_INFINITY): EncodedFrame[] {
    if (this.#frames.length <= framesMax) {
      const all = this.#frames.slice();
      this.#frames.length = 0;
      this.#bytes = 0;
      return all;
    }
    const taken = this.#frames.splice(0, framesMax);
    for (const frame of taken) this.#bytes -= frame.bytes(this.#codec).byteLength;
    return taken;
  }

  #fits(size: number, bytesBeyond: number): boolean {
    return this.#bytes + bytesBeyond + size <= this.#bytesMax;
  }

  #dropEphemerals(): void {
    let kept = 0;
    let bytes = 0;
    for (const frame of this.#frames) {
      if (frame.ephemeral) continue;
      this.#frames[kept] = frame;
      kept += 1;
      bytes += frame.bytes(this.#codec).byteLength;
    }
    this.#counters.ephemeralsDropped += this.#frames.length - kept;
    this.#frames.length = kept;
    this.#bytes = bytes;
  }
}
