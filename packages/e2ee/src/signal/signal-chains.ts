import { concatBytes, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { ChainDerivation } from '../profile/profile.ts';

const ROOT_LABEL = utf8('WhisperRatchet');

export const signalChains: ChainDerivation = {
  nextRoot(provider, rootKey, sharedSecrets) {
    const derived = provider.hash.hkdfSha256(concatBytes(...sharedSecrets), rootKey.reveal(), ROOT_LABEL, 64);
    return { rootKey: new SecretBytes(derived.slice(0, 32)), chainKey: new SecretBytes(derived.slice(32)) };
  },
  nextChain(provider, chainKey) {
    return {
      messageKey: new SecretBytes(provider.hash.hmacSha256(chainKey.reveal(), Uint8Array.of(1))),
      chainKey: new SecretBytes(provider.hash.hmacSha256(chainKey.reveal(), Uint8Array.of(2))),
    };
  },
};
