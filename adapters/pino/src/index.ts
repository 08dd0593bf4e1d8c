export { PinoLog, type PinoLogOptions } from './pino-log.ts';
