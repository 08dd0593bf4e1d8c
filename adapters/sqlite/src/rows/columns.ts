import type { Role } from '@parley/protocol';

/** How values of ours are written to columns and read from them. Integers come as bigint (SqlConnection). */

/** Small numbers for words that stand in many rows: place 1 is the first word. Words are only ever added at the end. */
export class CodeTable<Word extends string> {
  readonly #words: readonly Word[];

  constructor(...words: readonly Word[]) {
    this.#words = words;
  }

  codeOf(word: Word): number {
    return this.#words.indexOf(word) + 1;
  }

  wordOf(code: bigint): Word {
    const word = this.#words[Number(code) - 1];
    if (word === undefined) throw new Error(`A row holds the code ${code}, which this program does not know.`);
    return word;
  }
}

export const ROLES = new CodeTable('member', 'admin', 'owner');

/** Roles as bits of a number. */
export type RoleSet = number;

export const roleSetOf = (roles: readonly Role[]): RoleSet =>
  roles.reduce((set, role) => set | (1 << ROLES.codeOf(role)), 0);

export const KINDS = new CodeTable('direct', 'group', 'channel');
export const VISIBILITIES = new CodeTable('private', 'public');
export const NOTIFICATION_LEVELS = new CodeTable('all', 'mentions', 'none');

export const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

export const flagOf = (value: boolean): number => (value ? 1 : 0);

/** The 16 bytes of a UUID in text form. */
export function uuidBytes(uuid: string): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  let place = 0;
  for (let at = 0; at < uuid.length; at += 2) {
    if (uuid.charCodeAt(at) === DASH) at += 1;
    bytes[place] = (valueOfHexDigit(uuid.charCodeAt(at)) << 4) | valueOfHexDigit(uuid.charCodeAt(at + 1));
    place += 1;
  }
  return bytes;
}

const DASH = 0x2d;
/** Digits 0 to 9 and a to f, or A to F: letters lie 9 above their value in the lower four bits. */
const valueOfHexDigit = (code: number): number => (code & 15) + (code > 0x39 ? 9 : 0);

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Smallest text above every text that begins with `prefix` in SQLite's binary order: U+10FFFF is the last code point. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10ffff}`;
