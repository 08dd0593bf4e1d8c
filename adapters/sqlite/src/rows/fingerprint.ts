import { hash } from 'node:crypto';

const STORED_BYTES = 8;

/**
 * What is kept of a fingerprint: 64 bits of its SHA-256. Two different requests under one key of one device are told apart unless they collide by chance (1 in
 * 2^64); who makes a collision on purpose only fools the own device.
 */
export const storedFingerprint = (fingerprint: string): Buffer =>
  hash('sha256', fingerprint, 'buffer').subarray(0, STORED_BYTES);
