import type { DeviceId } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { Peer } from './peer.ts';

/** The open connections of this node. */
export class ConnectionTable {
  readonly #perDeviceMax: number;
  readonly #counters: Counters;
  readonly #all = new Set<Peer>();
  readonly #strangers = new Set<Peer>();
  /** Oldest first. */
  readonly #byDevice = new Map<DeviceId, Peer[]>();

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

  all(): Peer[] {
    return [...this.#all];
  }

  add(connection: Peer): void {
    this.#all.add(connection);
    this.#strangers.add(connection);
    this.#counters.connectionsOpened += 1;
  }

  /** CONN-12: the oldest of a device with too many gives way. */
  authenticated(connection: Peer, deviceId: DeviceId): void {
    this.#strangers.delete(connection);
    const siblings = this.#byDevice.get(deviceId) ?? [];
    siblings.push(connection);
    this.#byDevice.set(deviceId, siblings);
    if (siblings.length > this.#perDeviceMax) siblings[0]?.close('TOO_MANY_CONNECTIONS');
  }

  remove(connection: Peer, deviceId: DeviceId | undefined): void {
    if (!this.#all.delete(connection)) return;
    this.#counters.connectionsClosed += 1;
    this.#strangers.delete(connection);
    if (deviceId === undefined) return;
    const others = (this.#byDevice.get(deviceId) ?? []).filter((sibling) => sibling !== connection);
    if (others.length === 0) this.#byDevice.delete(deviceId);
    else this.#byDevice.set(deviceId, others);
  }
}
