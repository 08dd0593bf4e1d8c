import { nowUs } from '../measure/clock.ts';
import type { Attendee } from './attendee.ts';
import type { Stamp } from './stamp.ts';

/**
 * Messages that leave at a given mean rate (Poisson arrivals) from random seats, whether or not earlier ones were answered. The stamp carries the time at which a
 * message was to be sent: when server or driver fall behind, the waiting counts as latency and is not omitted.
 */
export class OpenLoop {
  readonly #attendees: readonly Attendee[];
  readonly #run: number;
  readonly #meanGapUs: number;
  readonly #stamp: Stamp = { seat: 0, slot: 0, run: 0, sentUs: 0 };
  #dueUs = nowUs();
  #timer: NodeJS.Timeout | undefined;
  #slot = 0;
  sent = 0;
  /** Acknowledgements and arrivals that are still missing. */
  missing = 0;

  constructor(attendees: readonly Attendee[], perSecond: number, run: number) {
    this.#attendees = attendees;
    this.#run = run;
    this.#meanGapUs = 1_000_000 / perSecond;
  }

  start(): void {
    this.#dueUs = nowUs();
    this.#timer = setInterval(() => this.#sendDue(), 1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sendDue(): void {
    const now = nowUs();
    while (this.#dueUs <= now) {
      this.#send(Math.round(this.#dueUs));
      this.#dueUs -= Math.log(1 - Math.random()) * this.#meanGapUs;
    }
  }

  #send(sentUs: number): void {
    const attendee = this.#attendees[Math.floor(Math.random() * this.#attendees.length)];
    const lane = Math.floor(Math.random() * (attendee?.templates.length ?? 0));
    const template = attendee?.templates[lane];
    if (attendee === undefined || template === undefined) throw new Error('A seat without lanes cannot send.');
    this.#slot = (this.#slot + 1) & 0xffff;
    Object.assign(this.#stamp, { seat: attendee.seat.seat, slot: this.#slot, run: this.#run, sentUs });
    attendee.stamp(template, this.#stamp);
    attendee.write(Buffer.from(template.frame));
    this.sent += 1;
    this.missing += 1 + (attendee.seat.lanes[lane]?.recipients ?? 0);
  }
}
