import { concatBytes, utf8 } from '../bytes/bytes.ts';
import type { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { RecordName } from './session-store.ts';

const FORM_VERSION = 1;
const SALT_BYTES = 32;
const LABEL = 'Parley state v1';
const ZERO_NONCE = new Uint8Array(12);

/** Stored state that does not open: the key is wrong, or the record was damaged, exchanged or written by a newer version. */
export class DamagedStateError extends Error {
  constructor(name: RecordName) {
    super(
      `The stored record of kind ${name.kind} cannot be read: wrong key or damaged data. Nothing was changed. ` +
        'Restore the store together with its key, or register this device anew.',
    );
    this.name = 'DamagedStateError';
  }
}

/**
 * Encrypts state at rest under the caller's 32-byte key (from the platform's key store, or a non-extractable key's derivation).
 * Each write derives its own AES-256-GCM key from a fresh 32-byte salt, so no nonce can come twice, also after a rollback;
 * the record's name is authenticated, so no record can take another's place. Form: version (1), salt (32), ciphertext, tag (16).
 */
export class StateVault {
  readonly #provider: CryptoProvider;
  readonly #key: SecretBytes;

  /** Throws RangeError when the key has not 32 bytes. */
  constructor(provider: CryptoProvider, key: SecretBytes) {
    if (key.length !== 32) throw new RangeError('The key for state at rest must have 32 bytes.');
    this.#provider = provider;
    this.#key = key;
  }

  seal(name: RecordName, bytes: Uint8Array): Uint8Array {
    const salt = this.#provider.randomBytes(SALT_BYTES);
    const sealed = this.#provider.aesGcm.seal(this.#keyFor(salt), ZERO_NONCE, associatedData(name), bytes);
    return concatBytes(Uint8Array.of(FORM_VERSION), salt, sealed);
  }

  /** Throws `DamagedStateError`. */
  open(name: RecordName, sealed: Uint8Array): Uint8Array {
    const salt = sealed.subarray(1, 1 + SALT_BYTES);
    const isKnownForm = sealed[0] === FORM_VERSION && salt.length === SALT_BYTES;
    const bytes = isKnownForm
      ? this.#provider.aesGcm.open(
          this.#keyFor(salt),
          ZERO_NONCE,
          associatedData(name),
          sealed.subarray(1 + SALT_BYTES),
        )
      : undefined;
    if (bytes === undefined) throw new DamagedStateError(name);
    return bytes;
  }

  #keyFor(salt: Uint8Array): Uint8Array {
    return this.#provider.hash.hkdfSha256(this.#key.reveal(), salt, utf8(LABEL), 32);
  }
}

const associatedData = (name: RecordName): Uint8Array => utf8(`${LABEL}\n${name.kind}\n${name.id}`);
