import type { Ids } from './ids/snowflake.ts';
import type { Ports } from './ports/ports.ts';
import type { Settings } from './settings.ts';

/** What the composition root makes once and every rule asks a part of: `Pick<Core, 'messageLog' | 'broker'>`. */
export interface Core extends Ports {
  readonly settings: Settings;
  readonly ids: Ids;
  /** Unix ms when this node started. */
  readonly startedAt: number;
}
