import type { Log, LogFields } from '@parley/core';
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact } from './redact.ts';

export interface PinoLogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
  /** Fields of every line: node id, version. */
  readonly fields?: LogFields;
}

/** One JSON object a line: `level`, `time` (ISO 8601), `event` and the fields, cleaned of secrets and message content. */
export class PinoLog implements Log {
  readonly #logger: Logger;

  constructor({ level, destination, fields = {} }: PinoLogOptions) {
    const options = {
      level,
      base: fields,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.#logger = destination === undefined ? pino(options) : pino(options, destination);
  }

  debug(event: string, fields: LogFields = {}): void {
    // The level is asked first: cleaning costs more than a line that nobody writes.
    if (this.#logger.isLevelEnabled('debug')) this.#logger.debug(redact(fields), event);
  }

  info(event: string, fields: LogFields = {}): void {
    if (this.#logger.isLevelEnabled('info')) this.#logger.info(redact(fields), event);
  }

  warn(event: string, fields: LogFields = {}): void {
    if (this.#logger.isLevelEnabled('warn')) this.#logger.warn(redact(fields), event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.#logger.error(redact(fields), event);
  }
}
