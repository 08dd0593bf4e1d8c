import { createHash } from 'node:crypto';
import type { Digest } from '@parley/core';

/** SHA-256 by Node. */
export const nodeDigest: Digest = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
};
