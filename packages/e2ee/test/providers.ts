import type { CryptoProvider } from '../src/crypto/crypto-provider.ts';
import { nobleProvider } from '../src/crypto/noble-provider.ts';
import { nodeProvider } from '../src/crypto/node-provider.ts';
import { openWebCryptoProvider } from '../src/crypto/webcrypto-provider.ts';

export const allProviders: readonly CryptoProvider[] = [nodeProvider, await openWebCryptoProvider(), nobleProvider];
