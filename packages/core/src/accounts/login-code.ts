import type { Core } from '../core.ts';

/** Where the login code of a phone is kept: under a digest, so that memory dumps list no phone numbers. */
export const codeName = (core: Pick<Core, 'digest'>, phone: string): string => `code:${core.digest.sha256Hex(phone)}`;

export const codeDigest = (core: Pick<Core, 'digest'>, phone: string, code: string): string =>
  core.digest.sha256Hex(`${phone} ${code}`);
