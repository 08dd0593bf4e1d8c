import type { Profile } from './profile.ts';

/** A version is a byte on the wire and part of every label: nothing of one version means anything in another. */
export interface ProductVersion {
  readonly version: number;
  readonly handshake: Profile['handshake'];
  readonly hasKemRefresh: boolean;
}
