import { type Client, createClient, type StoredSession, type StoreEvent } from '@parley/client';
import { type ConversationId, conversationKindOf, type UserId } from '@parley/protocol';
import type { UntimedLine } from '../checker/history.ts';
import { glimpseOf, viewsOf } from '../checker/record-device.ts';
import { recordStoreEvent } from '../checker/record-store-event.ts';
import { isExpected } from '../workload.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import { type Disk, emptyDisk, openDisk } from './simulated-storages.ts';
import { OwnedClock } from './simulation-clock.ts';
import type { World } from './world.ts';

export interface DeviceParts {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly number: number;
  readonly session: StoredSession;
  readonly codec: 'json' | 'binary';
  readonly blocksWebSockets: boolean;
  readonly skewMs: number;
}

/** One installation of a user: the real SDK, in one life after the other, over what its disk keeps. */
export class SimulatedDevice {
  readonly name: string;
  readonly user: UserId;
  readonly disk: Disk;
  readonly blocksWebSockets: boolean;
  readonly #parts: DeviceParts;
  clock: OwnedClock;
  life = 0;
  /** Undefined: the app is not running. */
  client: Client | undefined;
  #isStarting = false;
  /** Opened by `openChannels`. */
  readonly #channels = new Set<ConversationId>();

  constructor(parts: DeviceParts) {
    this.#parts = parts;
    this.user = parts.session.userId;
    this.name = `${this.user} ${parts.number}`;
    this.disk = emptyDisk(parts.session);
    this.blocksWebSockets = parts.blocksWebSockets;
    this.clock = new OwnedClock(parts.world.clock, parts.skewMs);
  }

  get isStarting(): boolean {
    return this.#isStarting;
  }

  async start(): Promise<void> {
    if (this.client !== undefined || this.#isStarting) return;
    const { world, network, number, skewMs, codec } = this.#parts;
    this.life += 1;
    const { life } = this;
    this.#isStarting = true;
    this.clock = new OwnedClock(world.clock, skewMs);
    this.#channels.clear();
    const { clock } = this;
    const report = (error: unknown): void => {
      if (!clock.isDead) world.write({ type: 'escaped', what: `${this.name} reported: ${textOf(error)}` });
    };
    const client = await createClient({
      url: 'http://parley.test',
      codec,
      environment: network.environment(this, 1_000_000 + number * 1_000 + life, report),
      ...openDisk(world, clock, this.disk),
    });
    if (clock.isDead) return;
    this.#isStarting = false;
    this.client = client;
    client.store.subscribe((event) => this.#record(event, life));
    client.connect();
  }

  /** The app is gone at once; what its disk has stays. */
  kill(hears: 'server_hears' | 'nobody_hears'): void {
    this.clock.kill();
    this.client = undefined;
    this.#parts.world.write({ type: 'killed', device: this.name });
    // A start that was under way never ends.
    this.#isStarting = false;
    for (const line of this.#parts.network.linesOf(this.name))
      if (hears === 'server_hears') line.cut();
      else line.breakSilently();
  }

  /** The session ended (its refresh token was used twice, or the account is gone): a person would log in again. */
  get isSignedOut(): boolean {
    const status = this.client?.store.getSnapshot().status;
    return status?.kind === 'stopped';
  }

  #record(event: StoreEvent, life: number): void {
    if (this.clock.isDead || this.life !== life || this.client === undefined) return;
    for (const line of recordStoreEvent(this.#who, event, this.client.store.getSnapshot()))
      this.#parts.world.write(line);
  }

  /** Looks at every channel, as far as it does not do so yet: only then is one kept up to date (SYNC-11). */
  openChannels(): void {
    const { client, clock } = this;
    if (client === undefined || this.isSignedOut) return;
    // The cast holds: the keys of the state's table are conversation ids.
    for (const id of Object.keys(client.store.getSnapshot().conversations) as ConversationId[]) {
      if (conversationKindOf(id) !== 'channel' || this.#channels.has(id)) continue;
      this.#channels.add(id);
      client.openConversation(id).catch((error: unknown) => {
        // What cannot be loaded now is loaded with all history.
        if (!clock.isDead && !isExpected(error))
          this.#parts.world.write({ type: 'escaped', what: `${this.name}: ${textOf(error)}` });
      });
    }
  }

  /** The next rest looks anew. */
  closedChannels(): void {
    this.#channels.clear();
  }

  glimpse(conversation: ConversationId): void {
    const state = this.client?.store.getSnapshot();
    if (state !== undefined)
      for (const line of glimpseOf(this.#who, state, conversation)) this.#parts.world.write(line);
  }

  /** What it has loaded so far. */
  held(): UntimedLine[] {
    const state = this.client?.store.getSnapshot();
    if (state === undefined || this.isSignedOut) return [];
    // The cast holds: the keys of the state's table are conversation ids.
    const ids = Object.keys(state.conversations).sort() as ConversationId[];
    return ids.flatMap((id) => glimpseOf(this.#who, state, id, 'at_rest'));
  }

  /** Everything that the device shows, after all history was loaded. */
  view(): void {
    const state = this.client?.store.getSnapshot();
    if (state !== undefined)
      for (const line of viewsOf(this.#who, state, this.clock.now())) this.#parts.world.write(line);
  }

  get #who() {
    return { device: this.name, life: this.life, user: this.user };
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
