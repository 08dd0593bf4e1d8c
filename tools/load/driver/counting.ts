import { Histogram } from '../measure/histogram.ts';
import type { Tally } from './plan.ts';

/** What one driver process counts between "measure" and "finish". */
export class Counting {
  sent = 0;
  acknowledged = 0;
  delivered = 0;
  completed = 0;
  bytesIn = 0;
  #acknowledgedUs = new Histogram();
  #deliveredUs = new Histogram();
  #completedUs = new Histogram();
  #startedAt = performance.now();
  #cpuBefore = process.cpuUsage();
  #seconds = 0;
  #cpuSeconds = 0;

  addAcknowledged(us: number): void {
    this.acknowledged += 1;
    this.#acknowledgedUs.add(us);
  }

  addDelivered(us: number): void {
    this.delivered += 1;
    this.#deliveredUs.add(us);
  }

  addCompleted(us: number): void {
    this.completed += 1;
    this.#completedUs.add(us);
  }

  /** The measurement is over; answers that still come in (open loop) belong to messages of its time. */
  end(): void {
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#seconds = (performance.now() - this.#startedAt) / 1_000;
    this.#cpuSeconds = (user + system) / 1_000_000;
  }

  tally(): Tally {
    const { sent, acknowledged, delivered, completed, bytesIn } = this;
    return {
      seconds: this.#seconds,
      sent,
      acknowledged,
      delivered,
      completed,
      bytesIn,
      acknowledgedUs: this.#acknowledgedUs.filled(),
      deliveredUs: this.#deliveredUs.filled(),
      completedUs: this.#completedUs.filled(),
      cpuSeconds: this.#cpuSeconds,
    };
  }
}
