import type { Account } from '../ports/account-store.ts';
import type { PasswordHasher } from '../ports/security.ts';

/** One hash of no password for each hasher, made with its own cost, so that a name without an account takes as long as one with (AUTH-5). */
const decoys = new WeakMap<PasswordHasher, Promise<string>>();

/** Whether the password is the account's. Takes the same time when there is no account. */
export async function passwordMatches(
  passwordHasher: PasswordHasher,
  account: Account | undefined,
  password: string,
): Promise<boolean> {
  // Made for every caller: if only unknown names paid for the first one, that one would tell.
  const decoy = await decoyOf(passwordHasher);
  const matches = await passwordHasher.verify(account?.passwordHash ?? decoy, password);
  return matches && account !== undefined;
}

function decoyOf(passwordHasher: PasswordHasher): Promise<string> {
  const known = decoys.get(passwordHasher);
  if (known !== undefined) return known;
  const made = passwordHasher.hash('no password of anybody');
  decoys.set(passwordHasher, made);
  made.catch(() => decoys.delete(passwordHasher));
  return made;
}
