import type { Invitation, PlaceDecisions, PlaceStore } from '@parley/core';
import type { State } from './state.ts';

export class MemoryPlaceStore implements PlaceStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async read(): Promise<PlaceDecisions> {
    return this.#state.placeDecisions;
  }

  async decide(change: Partial<PlaceDecisions>): Promise<PlaceDecisions> {
    this.#state.placeDecisions = { ...this.#state.placeDecisions, ...change };
    return this.#state.placeDecisions;
  }

  async invite(invitation: Omit<Invitation, 'uses'>, invitationsMax: number): Promise<boolean> {
    const { invitations } = this.#state;
    for (const [id, { expiresAt }] of invitations)
      if (expiresAt !== null && expiresAt <= invitation.createdAt) invitations.delete(id);
    if (invitations.size >= invitationsMax) return false;
    invitations.set(invitation.invitationId, { ...invitation, uses: 0 });
    return true;
  }

  async listInvitations(): Promise<readonly Invitation[]> {
    return [...this.#state.invitations.values()].reverse();
  }

  async withdraw(invitationId: string): Promise<boolean> {
    return this.#state.invitations.delete(invitationId);
  }

  async redeem(invitationId: string, at: number): Promise<boolean> {
    const invitation = this.#state.invitations.get(invitationId);
    if (invitation === undefined || invitation.uses >= invitation.usesMax) return false;
    if (invitation.expiresAt !== null && invitation.expiresAt <= at) return false;
    this.#state.invitations.set(invitationId, { ...invitation, uses: invitation.uses + 1 });
    return true;
  }

  async giveBack(invitationId: string): Promise<void> {
    const invitation = this.#state.invitations.get(invitationId);
    if (invitation === undefined || invitation.uses === 0) return;
    this.#state.invitations.set(invitationId, { ...invitation, uses: invitation.uses - 1 });
  }

  async storedBytes(): Promise<number | null> {
    return null;
  }
}
