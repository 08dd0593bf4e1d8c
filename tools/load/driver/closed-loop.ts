import { nowUs } from '../measure/clock.ts';
import type { Attendee } from './attendee.ts';
import type { Stamp } from './stamp.ts';

/**
 * One sender that keeps `inFlight` messages on the way: the next leaves when one was acknowledged and had arrived at all its recipients. Its lanes take turns.
 * With more than one in flight, what becomes free in one turn of the event loop leaves in one write, as a client that has several messages to send does it.
 */
export class ClosedLoop {
  readonly #attendee: Attendee;
  readonly #run: number;
  /** For each slot: acknowledgement and arrivals still missing, and the time in its stamp. */
  readonly #missing: Int32Array;
  readonly #sentUs: Float64Array;
  readonly #free: number[] = [];
  readonly #stamp: Stamp = { seat: 0, slot: 0, run: 0, sentUs: 0 };
  #lane = 0;
  #scheduled = false;
  running = false;
  sent = 0;

  constructor(attendee: Attendee, inFlight: number, run: number) {
    this.#attendee = attendee;
    this.#run = run;
    this.#missing = new Int32Array(inFlight);
    this.#sentUs = new Float64Array(inFlight);
    // Seats begin at different lanes, so that not all of them write to their first conversation at once.
    this.#lane = attendee.seat.seat;
  }

  get onTheWay(): number {
    return this.#missing.reduce((sum, missing) => sum + (missing > 0 ? 1 : 0), 0);
  }

  start(): void {
    this.running = true;
    for (let slot = 0; slot < this.#missing.length; slot += 1) this.#free.push(slot);
    this.#flush();
  }

  /** One of the answers of a message; returns whether it was the last one. Throws on an answer to nothing: a figure with such would be worth nothing. */
  answered({ slot, sentUs }: Stamp): boolean {
    if (this.#sentUs[slot] !== sentUs || (this.#missing[slot] ?? 0) <= 0)
      throw new Error('An answer arrived twice, or belongs to no message on the way.');
    const missing = (this.#missing[slot] ?? 0) - 1;
    this.#missing[slot] = missing;
    if (missing > 0) return false;
    if (this.running) {
      this.#free.push(slot);
      if (this.#missing.length === 1) this.#flush();
      else if (!this.#scheduled) {
        this.#scheduled = true;
        setImmediate(this.#flush);
      }
    }
    return true;
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const frames = this.#free.map((slot) => this.#next(slot));
    this.#free.length = 0;
    const [first] = frames;
    if (first === undefined) return;
    this.sent += frames.length;
    // With one in flight the template itself may be written: it is not touched before its answer.
    this.#attendee.write(this.#missing.length === 1 ? first : Buffer.concat(frames));
  };

  #next(slot: number): Buffer {
    const { lanes } = this.#attendee.seat;
    this.#lane = (this.#lane + 1) % lanes.length;
    const template = this.#attendee.templates[this.#lane];
    const lane = lanes[this.#lane];
    if (template === undefined || lane === undefined) throw new Error('A seat without lanes cannot send.');
    const sentUs = nowUs();
    Object.assign(this.#stamp, { seat: this.#attendee.seat.seat, slot, run: this.#run, sentUs });
    this.#attendee.stamp(template, this.#stamp);
    this.#missing[slot] = 1 + lane.recipients;
    this.#sentUs[slot] = sentUs;
    return this.#missing.length === 1 ? template.frame : Buffer.from(template.frame);
  }
}
