import { toBase64url } from '../encoding/base64url.ts';
import type { Random } from '../ports/environment.ts';

const SECRET_BYTES = 32;

/** 256 random bits as 43 base64url characters: refresh tokens and tickets. */
export const makeSecretToken = (random: Random): string => toBase64url(random.bytes(SECRET_BYTES));

const CODE_LIMIT = 1_000_000;
/** The largest multiple of a million in 32 bits: numbers above would make some codes likelier than others. */
const FAIR_LIMIT = Math.floor(2 ** 32 / CODE_LIMIT) * CODE_LIMIT;

/** Six decimal digits, all equally likely. */
export function makeLoginCode(random: Random): string {
  for (;;) {
    const number = random.bytes(4).reduce((value, byte) => value * 256 + byte, 0);
    if (number < FAIR_LIMIT) return String(number % CODE_LIMIT).padStart(6, '0');
  }
}
