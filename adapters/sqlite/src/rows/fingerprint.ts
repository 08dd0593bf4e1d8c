/** 64 bits. */
const STORED_DIGITS = 16;

/**
 * What is kept of a fingerprint, a SHA-256 in hexadecimal digits: its first 64 bits. Two different requests under one key of one device are told apart unless they
 * collide by chance (1 in 2^64); who makes a collision on purpose only fools the own device.
 */
export const storedFingerprint = (fingerprint: string): Buffer => Buffer.from(storedDigits(fingerprint), 'hex');

export const storedDigits = (fingerprint: string): string => fingerprint.slice(0, STORED_DIGITS);

/** In the place of a fingerprint whose content was erased: nothing is left to compare a repeated request with. */
export const FORGOTTEN = Buffer.alloc(STORED_DIGITS / 2);

/** Whether a request may be the one under whose key this is stored. Null: as of Append. */
export const mayBeSame = (stored: Uint8Array | null, asked: Buffer | null): boolean =>
  asked === null || (stored !== null && (FORGOTTEN.equals(stored) || asked.equals(stored)));
