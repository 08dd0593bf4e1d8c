import type { Command, ServerFrame } from '@parley/protocol';
import type { Transport } from './transport.ts';

/** Commands waiting for their turn before the transport is asked to stop reading, and to go on. */
const COMMANDS_HIGH = 32;
const COMMANDS_LOW = 8;

/** Whose commands are taken. */
export interface Commander {
  readonly transport: Pick<Transport, 'hasRoom' | 'room' | 'pauseReading' | 'resumeReading'>;
  readonly closed: boolean;
  /** Does the command and gives `reply` what is to be sent for it, if anything: once, now or later. Never throws. */
  replyTo(command: Command, reply: (frame: ServerFrame | undefined) => void): void;
  send(frame: ServerFrame): void;
}

/** A message that was begun. */
interface Begun {
  isAnswered: boolean;
  reply: ServerFrame | undefined;
}

/**
 * The commands of one connection, taken in their order (FRAME-7). Messages are begun without waiting for the end of the one before, so that they share a commit; every
 * other command waits until all before it are answered, and all after it wait for it. While many wait the transport reads no more.
 */
export class CommandQueue {
  readonly #commander: Commander;
  #waiting: Command[] = [];
  #running = false;
  /** Messages whose replies have not left, oldest first. */
  readonly #begun: Begun[] = [];
  /** Called once when everything that was begun is answered. */
  #onAnswered: (() => void) | undefined;
  #reading = true;
  /** Set by a drain: nothing new is taken, and this is called when what was taken is done. */
  #finished: (() => void) | undefined;

  constructor(commander: Commander) {
    this.#commander = commander;
  }

  /** Whether so many commands wait that a transport that cannot stop reading must refuse more. */
  get busy(): boolean {
    return this.#waiting.length + this.#begun.length >= COMMANDS_HIGH;
  }

  /** Whether a drain has begun: what comes now is not to be taken. */
  get stopping(): boolean {
    return this.#finished !== undefined;
  }

  /** Takes a command: it is begun now or when its turn comes. */
  take(command: Command): void {
    if (!this.#running && this.#mayBegin(command)) {
      this.#begin(command);
      return;
    }
    this.#waiting.push(command);
    if (!this.#running) void this.#run();
  }

  /** To be called after each input: no more of it while many commands wait, or while the client does not take what its input has caused (CONN-11). */
  holdBack(): void {
    const { closed, transport } = this.#commander;
    if (!this.#reading || closed || (!this.busy && transport.hasRoom)) return;
    this.#reading = false;
    transport.pauseReading();
    if (!this.#running) void this.#run();
  }

  /** The connection is closed: what has not begun is not done. */
  forget(): void {
    this.#waiting = [];
    this.#settle();
  }

  /** CONN-8: from now on `stopping`; resolves when what was taken is done. */
  finish(): Promise<void> {
    if (this.#commander.closed || this.#idle) {
      this.#finished = () => undefined;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  /** A message needs nothing but its append; forwarding reads first and would be overtaken. */
  #mayBegin(command: Command): boolean {
    const isMessage = command.type === 'send_message' && command.forward === undefined;
    return isMessage && this.#begun.length < COMMANDS_HIGH && this.#commander.transport.hasRoom;
  }

  /** Takes each command when there is room for its reply, so that only what others do can be too much for a client. Never rejects. */
  async #run(): Promise<void> {
    const { transport } = this.#commander;
    this.#running = true;
    while (this.#waiting.length > 0 || !(this.#reading || this.#commander.closed)) {
      if (!transport.hasRoom) await transport.room();
      const command = this.#waiting.shift();
      if (command !== undefined && this.#mayBegin(command)) this.#begin(command);
      else {
        await this.#allAnswered();
        if (command !== undefined && !this.#commander.closed) this.#send(await this.#replyTo(command));
      }
      const mayRead = this.#waiting.length <= COMMANDS_LOW && transport.hasRoom;
      if (!this.#reading && mayRead && !this.#commander.closed) {
        this.#reading = true;
        transport.resumeReading();
      }
    }
    this.#running = false;
    this.#settle();
  }

  /** Messages are stored in their order (SEND-10), because each takes the same way to the log; the replies keep it too (FRAME-7). */
  #begin(command: Command): void {
    const begun: Begun = { isAnswered: false, reply: undefined };
    this.#begun.push(begun);
    this.#commander.replyTo(command, (reply) => {
      begun.isAnswered = true;
      begun.reply = reply;
      this.#sendAnswered();
    });
  }

  #sendAnswered(): void {
    for (let first = this.#begun[0]; first?.isAnswered === true; first = this.#begun[0]) {
      this.#begun.shift();
      this.#send(first.reply);
    }
    if (this.#begun.length > 0) return;
    // An idle connection keeps no room for them.
    this.#begun.length = 0;
    this.#onAnswered?.();
    this.#onAnswered = undefined;
    this.#settle();
  }

  #allAnswered(): Promise<void> | undefined {
    if (this.#begun.length === 0) return undefined;
    return new Promise((resolve) => {
      this.#onAnswered = resolve;
    });
  }

  #replyTo(command: Command): Promise<ServerFrame | undefined> {
    return new Promise((resolve) => this.#commander.replyTo(command, resolve));
  }

  #send(frame: ServerFrame | undefined): void {
    if (frame !== undefined) this.#commander.send(frame);
  }

  /** Whether everything that was taken is done. */
  get #idle(): boolean {
    return !this.#running && this.#begun.length === 0 && this.#waiting.length === 0;
  }

  #settle(): void {
    if (this.#idle) this.#finished?.();
  }
}
