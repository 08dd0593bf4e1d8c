import { concatBytes, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { ProductVersion } from './product-version.ts';
import type { ChainDerivation } from './profile.ts';

const MESSAGE_KEY_INPUT = Uint8Array.of(1);
const CHAIN_KEY_INPUT = Uint8Array.of(2);

/** KDF_RK by HKDF with the root key as salt, KDF_CK by HMAC: Double Ratchet §5.2. */
export function productChains({ version }: ProductVersion): ChainDerivation {
  const rootLabel = utf8(`Parley v${version} root`);
  const refreshLabel = utf8(`Parley v${version} root with KEM`);
  return {
    nextRoot(provider, rootKey, sharedSecrets) {
      const label = sharedSecrets.length > 1 ? refreshLabel : rootLabel;
      const derived = provider.hash.hkdfSha256(concatBytes(...sharedSecrets), rootKey.reveal(), label, 64);
      return { rootKey: new SecretBytes(derived.slice(0, 32)), chainKey: new SecretBytes(derived.slice(32)) };
    },
    nextChain(provider, chainKey) {
      const key = chainKey.reveal();
      return {
        messageKey: new SecretBytes(provider.hash.hmacSha256(key, MESSAGE_KEY_INPUT)),
        chainKey: new SecretBytes(provider.hash.hmacSha256(key, CHAIN_KEY_INPUT)),
      };
    },
  };
}
