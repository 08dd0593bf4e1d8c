import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Vectors that this project did not write (C2SP/wycheproof, Apache-2.0). They are data beside the repository, not in it:
 * `<repository>/../shared/vectors`, or wherever PARLEY_VECTORS points.
 */
const folder = resolve(
  process.env.PARLEY_VECTORS ?? join(import.meta.dirname, '../../../../shared/vectors'),
  'wycheproof',
);

export const vectorsPresent = existsSync(folder);

export const vectorsNotice = vectorsPresent
  ? `vectors from ${folder}`
  : `skipped: vectors not present in ${folder}; put the wycheproof files there, or PARLEY_VECTORS=<folder> node node_modules/vitest/vitest.mjs run packages/e2ee`;

export interface VectorGroup<Test> {
  readonly tests: readonly Test[];
  readonly [property: string]: unknown;
}

export interface VectorTest {
  readonly tcId: number;
  readonly comment?: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

/** The groups of one file. The cast holds as far as the file keeps its published schema, which the tests would notice. */
export function vectorGroups<Test extends VectorTest>(file: string): readonly VectorGroup<Test>[] {
  const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { testGroups: VectorGroup<Test>[] };
  return parsed.testGroups;
}

export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const hexOfBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
