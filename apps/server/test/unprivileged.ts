import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const NOBODY = 65_534;
const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

/** Somebody whom permissions stop: this user, or "nobody" where this user is root. Undefined where "nobody" may not read this checkout. */
export function unprivileged(): { readonly user?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const reads = spawnSync(process.execPath, ['-e', 'fs.accessSync(process.argv[1])', `${CHECKOUT}package.json`], {
    uid: NOBODY,
    gid: NOBODY,
    env: {},
  });
  return reads.status === 0 ? { user: NOBODY } : undefined;
}

/** Why a test for which `unprivileged` found nobody is skipped. */
export const NOBODY_MAY_READ =
  'Permissions do not stop root, and the user "nobody" may not read this checkout: run npm test as another user.';

/** A port that only root may take; undefined where there is none, or nobody knows. */
export async function privilegedPort(): Promise<number | undefined> {
  const lowest = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '0');
  return Number(lowest) > 1 ? Number(lowest) - 1 : undefined;
}
