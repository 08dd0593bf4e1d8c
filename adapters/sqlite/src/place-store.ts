import type { Invitation, PlaceDecisions, PlaceStore } from '@parley/core';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqlitePlaceStore implements PlaceStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  read(): Promise<PlaceDecisions> {
    return this.#readers.query('readPlace', undefined);
  }

  decide(change: Partial<PlaceDecisions>): Promise<PlaceDecisions> {
    return this.#writer.call('decidePlace', change);
  }

  invite(invitation: Omit<Invitation, 'uses'>, invitationsMax: number): Promise<boolean> {
    return this.#writer.call('invite', { invitation, invitationsMax });
  }

  listInvitations(): Promise<readonly Invitation[]> {
    return this.#readers.query('listInvitations', undefined);
  }

  withdraw(invitationId: string): Promise<boolean> {
    return this.#writer.call('withdrawInvitation', invitationId);
  }

  redeem(invitationId: string, at: number): Promise<boolean> {
    return this.#writer.call('redeemInvitation', { invitationId, at });
  }

  giveBack(invitationId: string): Promise<void> {
    return this.#writer.call('giveInvitationBack', invitationId);
  }

  storedBytes(): Promise<number> {
    return this.#readers.query('storedBytes', undefined);
  }
}
