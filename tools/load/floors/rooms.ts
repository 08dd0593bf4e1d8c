import type { SubprotocolName } from '@parley/protocol';
import { sampleFrames } from '../driver/frame-shape.ts';
import { STAMP_BYTES, UUID_LENGTH } from '../driver/stamp.ts';

/** How a floor server writes to one of its connections. */
export interface Guest {
  send(payload: Buffer): void;
}

/**
 * What all floor servers do with a message: the sender gets a frame like an acknowledgement, the others of its room one like a message, as many writes as Parley
 * makes, of as many bytes. Nothing is decoded, checked, stored or numbered: the stamp is copied from where it stands in the command into prepared frames.
 * A room with one guest is an echo.
 */
export class Rooms {
  readonly #rooms = new Map<string, Guest[]>();
  readonly #ack: Buffer;
  readonly #ackAt: number;
  readonly #message: Buffer;
  readonly #messageAt: number;
  readonly #stampLength: number;

  constructor(codec: SubprotocolName, textBytes: number) {
    const { ack, message, stampIn } = sampleFrames(codec, 'x'.repeat(textBytes));
    this.#ack = ack;
    this.#message = message;
    this.#ackAt = stampIn(ack);
    this.#messageAt = stampIn(message);
    this.#stampLength = codec === 'binary' ? STAMP_BYTES : UUID_LENGTH;
  }

  enter(room: string, guest: Guest): void {
    const guests = this.#rooms.get(room);
    if (guests === undefined) this.#rooms.set(room, [guest]);
    else guests.push(guest);
  }

  leave(room: string, guest: Guest): void {
    const left = (this.#rooms.get(room) ?? []).filter((other) => other !== guest);
    if (left.length > 0) this.#rooms.set(room, left);
    else this.#rooms.delete(room);
  }

  /** `stampAt`: where the stamp stands in the unmasked command. */
  said(room: string, speaker: Guest, command: Buffer, stampAt: number): void {
    const end = stampAt + this.#stampLength;
    const ack = Buffer.from(this.#ack);
    command.copy(ack, this.#ackAt, stampAt, end);
    speaker.send(ack);
    const guests = this.#rooms.get(room) ?? [];
    if (guests.length < 2) return;
    const message = Buffer.from(this.#message);
    command.copy(message, this.#messageAt, stampAt, end);
    for (const guest of guests) if (guest !== speaker) guest.send(message);
  }
}

/** `/room/7?stamp=12`: the room, and where in a command of this connection the stamp stands. */
export function placeOf(path = ''): { readonly room: string; readonly stampAt: number } {
  const url = new URL(path, 'http://floor');
  return { room: url.pathname, stampAt: Number(url.searchParams.get('stamp')) };
}
