import { LIMITS } from '@parley/protocol';

/** A username made from a name, as far as its letters allow: "Zoë van Dyk" gives "zoe.van.dyk". May be empty or too short. */
export function suggestUsername(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
  return words
    .join('.')
    .replace(/^[^a-z]+/, '')
    .slice(0, LIMITS.usernameLengthMax)
    .replace(/\.$/, '');
}
