export { JoseTokenSigner, type JoseTokenSignerOptions } from './jose-token-signer.ts';
export { generateSigningKey, type SigningKey } from './signing-key.ts';
