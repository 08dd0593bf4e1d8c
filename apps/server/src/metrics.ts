import type { AppendOutcome, MessageLog, RateLimiter, RateVerdict } from '@parley/core';
import type { Gateway } from '@parley/gateway';
import type { FastifyInstance } from 'fastify';

/** Upper bounds in seconds: a flush to disk takes tenths of a millisecond to some ten milliseconds. */
const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Numbers of this node for Prometheus, under the names that the design documents give them. */
export class Metrics {
  #sent = 0;
  #latencySumS = 0;
  #latencyCount = 0;
  readonly #refused = new Map<string, number>();
  /** How many lie between the bound before and this one. */
  readonly #within: number[] = BOUNDS_S.map(() => 0);

  /** The same log, with every append timed from the asking to the durable answer. */
  timed(log: MessageLog): MessageLog {
    return {
      append: (appends) => {
        const startedAt = performance.now();
        const appending = log.append(appends);
        // A failure is told to whoever asked.
        appending.then(
          (outcomes) => this.#noteStored(outcomes, (performance.now() - startedAt) / 1_000),
          () => undefined,
        );
        return appending;
      },
      readAfter: (conversationId, afterSeq, limit) => log.readAfter(conversationId, afterSeq, limit),
      history: (query) => log.history(query),
      message: (conversationId, seq, viewer) => log.message(conversationId, seq, viewer),
      heads: (conversationIds, options) => log.heads(conversationIds, options),
      epoch: () => log.epoch(),
    };
  }

  /** The same limiter, counting what it refuses by what it is about: the first word of the key. */
  counted(limiter: RateLimiter): RateLimiter {
    const noted = (key: string, verdict: RateVerdict): RateVerdict => {
      if (verdict.allowed) return verdict;
      const [subject = ''] = key.split(':', 1);
      this.#refused.set(subject, (this.#refused.get(subject) ?? 0) + 1);
      return verdict;
    };
    const count = (key: string, verdict: RateVerdict | Promise<RateVerdict>): RateVerdict | Promise<RateVerdict> =>
      verdict instanceof Promise ? verdict.then((settled) => noted(key, settled)) : noted(key, verdict);
    return {
      take: (key, limit, at) => count(key, limiter.take(key, limit, at)),
      peek: (key, limit, at) => count(key, limiter.peek(key, limit, at)),
    };
  }

  #noteStored(outcomes: readonly AppendOutcome[], seconds: number): void {
    for (const outcome of outcomes)
      if (outcome.kind === 'appended' && outcome.entry.type === 'new_message') this.#note(seconds);
  }

  #note(seconds: number): void {
    this.#sent += 1;
    this.#latencyCount += 1;
    this.#latencySumS += seconds;
    const bucket = BOUNDS_S.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.#within[bucket] = (this.#within[bucket] ?? 0) + 1;
  }

  /** Prometheus counts in each bucket everything up to its bound. */
  #atMost(bucket: number): number {
    return this.#within.slice(0, bucket + 1).reduce((sum, count) => sum + count, 0);
  }

  /** Prometheus text format 0.0.4. */
  text(gateway: Pick<Gateway, 'stats'>): string {
    const stats = gateway.stats();
    const simple = (name: string, type: 'gauge' | 'counter', help: string, value: number): string =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
    const buckets = BOUNDS_S.map((bound, index) => `chat_message_latency_bucket{le="${bound}"} ${this.#atMost(index)}`);
    return [
      simple('chat_connections_active', 'gauge', 'Open connections.', stats.connections),
      simple(
        'chat_poll_sessions_active',
        'gauge',
        'Open connections that are sessions of long polling.',
        stats.pollSessions,
      ),
      simple(
        'chat_connection_attempts_total',
        'counter',
        'Connections asked for.',
        stats.connectionsOpened + stats.upgradesRefused,
      ),
      simple(
        'chat_connection_failures_total',
        'counter',
        'Connections refused, or closed because they were too slow.',
        stats.upgradesRefused + stats.slowCloses,
      ),
      simple('chat_messages_sent_total', 'counter', 'Messages stored.', this.#sent),
      simple('chat_messages_delivered_total', 'counter', 'Messages handed to connections.', stats.messagesDelivered),
      '# HELP chat_message_latency Seconds from the append to its durable answer.\n# TYPE chat_message_latency histogram\n',
      `${buckets.join('\n')}\nchat_message_latency_bucket{le="+Inf"} ${this.#latencyCount}\n`,
      `chat_message_latency_sum ${this.#latencySumS}\nchat_message_latency_count ${this.#latencyCount}\n`,
      '# HELP chat_rate_limited_total Requests refused because there were too many, by what they were about.\n# TYPE chat_rate_limited_total counter\n',
      ...[...this.#refused].map(([subject, count]) => `chat_rate_limited_total{limit="${subject}"} ${count}\n`),
    ].join('');
  }
}

/** Serves `/metrics` to this machine only: the numbers tell how busy a place is, which is nobody else's business. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics, gateway: Pick<Gateway, 'stats'>): void {
  app.get('/metrics', async (request, reply) => {
    const isLocal =
      LOOPBACK.has(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined;
    if (!isLocal) return reply.code(404).type('text/plain; charset=utf-8').send('There is nothing at this address.\n');
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(metrics.text(gateway));
  });
}
