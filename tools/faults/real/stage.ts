import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredSession } from '@parley/client';
import { FileTokenStorage } from '@parley/client/node';
import type { SessionTokens, UserId } from '@parley/protocol';
import { SeededRandom } from '@parley/testkit';
import { callJson } from '../../load/people.ts';
import type { HistoryLine, UntimedLine } from '../checker/history.ts';
import { passwordOf } from '../workload.ts';
import { DeviceGroup } from './device-group.ts';
import type { DevicePlan } from './device-messages.ts';
import { FaultyServer } from './faulty-server.ts';
import { monotonicMs } from './monotonic.ts';
import { FAIR, TcpProxy } from './tcp-proxy.ts';
import { UnsyncedDisk } from './unsynced-disk.ts';

const USERS = 4;
const PROCESSES = 3;

/** Everything that a run of real processes consists of. */
export class Stage {
  readonly random: SeededRandom;
  readonly disk = new UnsyncedDisk();
  readonly server = new FaultyServer(this.disk);
  readonly users: UserId[] = [];
  readonly groups: DeviceGroup[] = [];
  /** By device. */
  readonly proxies = new Map<string, TcpProxy>();
  readonly #lines: HistoryLine[] = [];
  readonly #seed: number;
  /** Whoever interrupts a run leaves no server and no mounted disk behind. */
  readonly #onExit = (): void => {
    this.server.signal('SIGKILL');
    this.disk.close();
  };

  constructor(seed: number) {
    this.#seed = seed;
    this.random = new SeededRandom(seed);
    process.once('exit', this.#onExit);
  }

  /** `at`: a moment of before. */
  readonly write = (line: UntimedLine, at = monotonicMs()): void => {
    // The cast holds: a line without its time, and the time.
    this.#lines.push({ at, ...line } as HistoryLine);
  };

  /** The server up, people registered, each with a device in every process. */
  async open(): Promise<void> {
    await this.server.start();
    const plans: DevicePlan[][] = Array.from({ length: PROCESSES }, () => []);
    for (let user = 0; user < USERS; user += 1)
      for (const [number, group] of plans.entries()) group.push(await this.#enter(user, number));
    const canErase = this.random.below(4) === 0;
    for (const [number, devices] of plans.entries()) {
      const { folder } = this.disk;
      const seed = this.#seed * 100 + number;
      const group = new DeviceGroup({ number, folder, seed, devices, users: this.users, canErase, write: this.write });
      this.groups.push(group);
    }
    await Promise.all(this.groups.map((group) => group.start()));
  }

  async #enter(userNumber: number, number: number): Promise<DevicePlan> {
    const username = `user${userNumber}`;
    const common = { password: passwordOf(username), device_name: `Device ${number}` };
    const { url } = this.server;
    const isFirst = number === 0;
    const body = isFirst ? { ...common, username, name: username } : { ...common, identifier: username };
    const tokens = await callJson<SessionTokens>(url, 'POST', isFirst ? '/auth/register' : '/auth/login', body);
    const user = tokens.me.user_id;
    if (isFirst) this.users.push(user);
    const name = `${user} ${number}`;
    const folder = join(this.disk.folder, `device-${userNumber}-${number}`);
    mkdirSync(folder);
    const session: StoredSession = {
      userId: user,
      deviceId: tokens.device_id,
      accessToken: tokens.access_token,
      accessExpiresAt: tokens.access_expires_at,
      refreshToken: tokens.refresh_token,
      obtainedAt: Date.now(),
    };
    const storage = await FileTokenStorage.open(join(folder, 'tokens'));
    await storage.save(session);
    await storage.close();
    const proxy = await TcpProxy.open(() => this.server.port);
    this.proxies.set(name, proxy);
    const codec = (userNumber + number) % 3 === 0 ? 'json' : 'binary';
    return { name, user, deviceId: tokens.device_id, folder, url: proxy.url, codec };
  }

  /** All that is broken is mended. */
  mend(): void {
    this.disk.free();
    this.disk.set('fsync-fails', false);
    this.server.clock.set(0);
    for (const proxy of this.proxies.values()) {
      proxy.weather = FAIR;
      proxy.isOffline = false;
      // What is frozen would be noticed by heartbeats, after a minute.
      for (const line of [...proxy.lines]) if (line.isFrozen) line.end('reset');
    }
  }

  /** All lines of all processes, in the order of their moments. */
  history(): HistoryLine[] {
    const lines = [...this.#lines, ...this.groups.flatMap((group) => group.history())];
    const [first] = lines;
    const from = lines.reduce((least, { at }) => Math.min(least, at), first?.at ?? 0);
    return lines.map((line) => ({ ...line, at: line.at - from })).sort((one, other) => one.at - other.at);
  }

  async close(): Promise<void> {
    process.off('exit', this.#onExit);
    for (const group of this.groups) await group.kill();
    this.server.signal('SIGCONT');
    await this.server.end('SIGKILL');
    for (const proxy of this.proxies.values()) proxy.close();
    this.disk.close();
  }

  someTime(leastMs: number, mostMs: number): Promise<void> {
    return pause(leastMs + this.random.below(mostMs - leastMs));
  }
}
