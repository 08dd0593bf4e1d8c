import { nowUs } from '../measure/clock.ts';
import { Attendee, type AttendeeListener } from './attendee.ts';
import { ClosedLoop } from './closed-loop.ts';
import { Counting } from './counting.ts';
import { type FrameShape, frameShape } from './frame-shape.ts';
import { OpenLoop } from './open-loop.ts';
import type { Dialect, OpenOrder, Order, Report, Work } from './plan.ts';
import { respShape } from './resp-shape.ts';
import { socketIoShape } from './socket-io-shape.ts';
import type { Stamp } from './stamp.ts';
import { xmppShape } from './xmpp-shape.ts';

/** Connections that are being opened at the same time by one process. */
const OPENING_MAX = 64;
const PULSE_MS = 500;
/** Each connection says something this often, so that the server knows it alive (CONN-6). */
const PING_EVERY_S = 25;
/** How long `finish` waits for answers that are still on the way. */
const DRAIN_MS = 30_000;
const DRAIN_STEP_MS = 20;

const PEER_SHAPES = { 'socket.io': socketIoShape, xmpp: xmppShape, resp: respShape } as const;
const shapeOf = (dialect: Dialect): FrameShape =>
  dialect === 'binary' || dialect === 'json' ? frameShape(dialect) : PEER_SHAPES[dialect]();

/** One driver process: some thousands of connections and the work that they do. */
export class Driver implements AttendeeListener {
  readonly #report: (report: Report) => void;
  #shape: FrameShape = frameShape('binary');
  #attendees: Attendee[] = [];
  #closedLoops = new Map<number, ClosedLoop>();
  #openLoop: OpenLoop | undefined;
  #counting = new Counting();
  #measuringFromUs = 0;
  #measuring = false;
  #run = Math.floor(Math.random() * 65_536);
  #bytesBefore = 0;
  #sentBefore = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(report: (report: Report) => void) {
    this.#report = report;
  }

  async take(order: Order): Promise<void> {
    switch (order.kind) {
      case 'open':
        return this.#open(order);
      case 'start':
        return this.#start(order.work);
      case 'measure':
        return this.#measure();
      case 'finish':
        return this.#finish();
      case 'close':
        return this.#close();
      default:
        order satisfies never;
    }
  }

  onAcknowledged(stamp: Stamp, atUs: number): void {
    if (stamp.run !== this.#run) return;
    if (this.#counts(stamp)) this.#counting.addAcknowledged(atUs - stamp.sentUs);
    this.#answered(stamp, atUs);
  }

  onDelivered(stamp: Stamp, atUs: number): void {
    if (this.#counts(stamp)) this.#counting.addDelivered(atUs - stamp.sentUs);
    if (stamp.run === this.#run) this.#answered(stamp, atUs);
  }

  onProblem(problem: string): void {
    this.#report({ kind: 'failed', problem });
  }

  /** In an open loop only messages that were to be sent within the measurement count; in a closed one all that are answered in it. */
  #counts(stamp: Stamp): boolean {
    return this.#measuring && (this.#openLoop === undefined || stamp.sentUs >= this.#measuringFromUs);
  }

  #answered(stamp: Stamp, atUs: number): void {
    if (this.#openLoop !== undefined) this.#openLoop.missing -= 1;
    else if (this.#closedLoops.get(stamp.seat)?.answered(stamp) === true)
      this.#counting.addCompleted(atUs - stamp.sentUs);
  }

  async #open({ host, port, codec, textBytes, seats }: OpenOrder): Promise<void> {
    const startedAt = performance.now();
    this.#shape = shapeOf(codec);
    const text = 'x'.repeat(textBytes);
    const queue = seats.map((seat) => new Attendee(seat, this.#shape, text, this));
    this.#attendees.push(...queue);
    const openSome = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await next.open({ host, port });
    };
    await Promise.all(Array.from({ length: OPENING_MAX }, openSome));
    if (this.#timers.length === 0) this.#keepAlive();
    this.#report({ kind: 'opened', seconds: (performance.now() - startedAt) / 1_000 });
  }

  #keepAlive(): void {
    let second = 0;
    const ping = (): void => {
      second += 1;
      for (let index = second % PING_EVERY_S; index < this.#attendees.length; index += PING_EVERY_S)
        this.#attendees[index]?.ping();
    };
    const pulse = (): void => {
      const { completed, acknowledged, delivered } = this.#counting;
      this.#report({ kind: 'pulse', completed: this.#openLoop === undefined ? completed : acknowledged, delivered });
    };
    this.#timers = [setInterval(ping, 1_000), setInterval(pulse, PULSE_MS)];
  }

  #start(work: Work): void {
    this.#run = (this.#run + 1) & 0xffff;
    this.#closedLoops.clear();
    this.#openLoop = undefined;
    const senders = this.#attendees.filter(({ seat }) => seat.lanes.length > 0);
    if (work.kind === 'closed') {
      for (const sender of senders)
        this.#closedLoops.set(sender.seat.seat, new ClosedLoop(sender, work.inFlight, this.#run));
      for (const loop of this.#closedLoops.values()) loop.start();
    } else if (work.kind === 'open' && senders.length > 0) {
      this.#openLoop = new OpenLoop(senders, work.perSecond, this.#run);
      this.#openLoop.start();
    }
    this.#report({ kind: 'started' });
  }

  #measure(): void {
    this.#counting = new Counting();
    this.#measuringFromUs = nowUs();
    this.#measuring = true;
    this.#bytesBefore = this.#bytesIn();
    this.#sentBefore = this.#sent();
    this.#report({ kind: 'measuring' });
  }

  async #finish(): Promise<void> {
    // An open loop counts all messages of its time: what they still wait for belongs to the result. A closed one ends at once.
    this.#openLoop?.stop();
    for (const loop of this.#closedLoops.values()) loop.running = false;
    this.#counting.end();
    const closedTally = this.#openLoop === undefined ? this.#tally() : undefined;
    const deadline = performance.now() + DRAIN_MS;
    while (this.#unanswered() > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
    const tally = closedTally ?? this.#tally();
    this.#measuring = false;
    this.#report({ kind: 'finished', tally, unanswered: this.#unanswered() });
  }

  #tally(): ReturnType<Counting['tally']> {
    this.#counting.bytesIn = this.#bytesIn() - this.#bytesBefore;
    this.#counting.sent = this.#sent() - this.#sentBefore;
    return this.#counting.tally();
  }

  #close(): void {
    for (const attendee of this.#attendees) attendee.close();
    for (const timer of this.#timers) clearInterval(timer);
    this.#attendees = [];
    this.#timers = [];
    this.#report({ kind: 'closed' });
  }

  #unanswered(): number {
    if (this.#openLoop !== undefined) return this.#openLoop.missing;
    return [...this.#closedLoops.values()].reduce((sum, loop) => sum + loop.onTheWay, 0);
  }

  #bytesIn(): number {
    return this.#attendees.reduce((sum, attendee) => sum + attendee.bytesIn, 0);
  }

  #sent(): number {
    return this.#openLoop?.sent ?? [...this.#closedLoops.values()].reduce((sum, loop) => sum + loop.sent, 0);
  }
}
