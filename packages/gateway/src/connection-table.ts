import type { DeviceId } from '@parley/protocol';
import type { Connection } from './connection.ts';
import type { Counters } from './counters.ts';
import type { Session } from './session.ts';

/** The open connections of this node. */
export class ConnectionTable {
  readonly #perDeviceMax: number;
  readonly #counters: Counters;
  readonly #all = new Set<Connection>();
  readonly #strangers = new Set<Connection>();
  /** Oldest first. */
  readonly #byDevice = new Map<DeviceId, Connection[]>();

  constructor(perDeviceMax: number, counters: Counters) {
    this.#perDeviceMax = perDeviceMax;
    this.#counters = counters;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Connections that have not yet said who they are. */
  get strangers(): number {
    return this.#strangers.size;
  }

  all(): Connection[] {
    return [...this.#all];
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    this.#strangers.add(connection);
    this.#counters.connectionsOpened += 1;
  }

  /** CONN-12: the oldest of a device with too many gives way. */
  authenticated(connection: Connection): void {
    this.#strangers.delete(connection);
    const deviceId = connection.session?.actor.deviceId;
    if (deviceId === undefined) return;
    const siblings = this.#byDevice.get(deviceId) ?? [];
    siblings.push(connection);
    this.#byDevice.set(deviceId, siblings);
    if (siblings.length > this.#perDeviceMax) siblings[0]?.close('TOO_MANY_CONNECTIONS');
  }

  remove(connection: Connection, session: Session | undefined): void {
    if (!this.#all.delete(connection)) return;
    this.#counters.connectionsClosed += 1;
    this.#strangers.delete(connection);
    if (session === undefined) return;
    const { deviceId } = session.actor;
    const others = (this.#byDevice.get(deviceId) ?? []).filter((sibling) => sibling !== connection);
    if (others.length === 0) this.#byDevice.delete(deviceId);
    else this.#byDevice.set(deviceId, others);
  }
}
