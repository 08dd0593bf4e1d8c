/** What a schedule needs of either implementation. */
export interface Peer {
  readonly name: string;
  seal(plaintext: Uint8Array): Promise<Uint8Array>;
  /** `undefined` when the payload is refused. */
  open(payload: Uint8Array): Promise<Uint8Array | undefined>;
}

/** Signal's public bundle in raw keys, so that either side can make it for the other. */
export interface RawBundle {
  readonly identityKey: Uint8Array;
  readonly signedPreKey: { readonly keyId: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array };
  readonly oneTimePreKey: { readonly keyId: number; readonly publicKey: Uint8Array } | undefined;
}
