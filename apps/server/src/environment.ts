import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Digest, Random } from '@parley/core';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(4).readUInt32BE() / 0x1_0000_0000,
};

export const nodeDigest: Digest = {
  sha256Hex: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
};
