/** What the owner has decided about this place; `null`: nothing yet, the server's own settings hold. */
export interface PlaceDecisions {
  readonly name: string | null;
  readonly registration: 'open' | 'invitation' | null;
}

/** A right to make accounts. Its id is a digest of its code, so that the store cannot tell the code. */
export interface Invitation {
  readonly invitationId: string;
  readonly uses: number;
  readonly usesMax: number;
  readonly createdAt: number;
  /** Unix ms; `null`: never. */
  readonly expiresAt: number | null;
}

/** The place as a whole. Writes are atomic and durable and resolve after the commit. */
export interface PlaceStore {
  read(): Promise<PlaceDecisions>;
  /** Returns what holds afterwards. */
  decide(change: Partial<PlaceDecisions>): Promise<PlaceDecisions>;
  /** Adds an invitation without uses, after removing those that have expired. False: there are `invitationsMax` already, nothing was stored. */
  invite(invitation: Omit<Invitation, 'uses'>, invitationsMax: number): Promise<boolean>;
  /** Newest first. */
  listInvitations(): Promise<readonly Invitation[]>;
  /** False: there is none. */
  withdraw(invitationId: string): Promise<boolean>;
  /** Counts one use, unless there is none left, it has expired or is not there: false. Of concurrent calls no more succeed than uses were left. */
  redeem(invitationId: string, at: number): Promise<boolean>;
  /** Takes one use back: the account was not made. A crash before it leaves a use counted that made nothing; never the other way round. */
  giveBack(invitationId: string): Promise<void>;
  /** What the store takes on disk; `null`: it does not know. */
  storedBytes(): Promise<number | null>;
}
