export { generateSigningKey, type SigningKey } from './signing-key.ts';
export { JoseTokenSigner, type JoseTokenSignerOptions } from './jose-token-signer.ts';
