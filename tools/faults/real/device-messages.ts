import type { DeviceId, UserId } from '@parley/protocol';

/** One device in a process of devices. */
export interface DevicePlan {
  /** `<user id> <number>` */
  readonly name: string;
  readonly user: UserId;
  readonly deviceId: DeviceId;
  readonly folder: string;
  /** Of its proxy. */
  readonly url: string;
  readonly codec: 'json' | 'binary';
}

export interface ProcessPlan {
  readonly devices: readonly DevicePlan[];
  readonly users: readonly UserId[];
  readonly seed: number;
  readonly life: number;
  readonly firstOp: number;
  readonly historyFile: string;
  readonly canErase: boolean;
}

/** What the process is asked to do. */
export type Request =
  | { readonly do: 'work' | 'pause' | 'online' | 'load' | 'view' | 'close' }
  /** Names what has not come to rest. */
  | { readonly do: 'unfinished' }
  /** Says what each device is doing and which orders are not done, for somebody who has waited too long. */
  | { readonly do: 'describe' }
  /** One of the devices sends so many messages of this length to one conversation. */
  | { readonly do: 'burst'; readonly messages: number; readonly textLength: number };

export interface Answer {
  readonly id: number;
  readonly lines: readonly string[];
}
