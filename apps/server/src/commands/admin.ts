import { StartError } from '../start-error.ts';
import { appoint } from './appoint.ts';
import { withInspection } from './open-inspection.ts';

const ROWS_MAX = 500;

const HELP = `parley admin users [--data folder]           accounts, newest first
parley admin conversations [--data folder]   conversations, last activity first
parley admin stats [--data folder]           counts
parley admin appoint NAME [--data folder]    makes an account administrator; the server must be stopped. NAME: username, e-mail, phone or id`;

const day = (at: number | null): string =>
  at === null ? 'never' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Columns as wide as their longest cell. */
function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  if (rows.length === ROWS_MAX) process.stdout.write(`Only the first ${ROWS_MAX} are shown.\n`);
}

/** `parley admin`: looks at the store beside a running server: names and counts, never messages. `appoint` alone changes something. */
export async function admin(args: readonly string[]): Promise<number> {
  const [what = 'help', ...options] = args;
  switch (what) {
    case 'users':
      return await withInspection(options, async (inspection) => {
        const users = await inspection.users(undefined, ROWS_MAX);
        const rows = users.map((user) => [
          user.userId,
          user.username ?? user.email ?? user.phone ?? '-',
          user.deletedAt === null ? user.name : 'Deleted user',
          user.isAdmin ? 'administrator' : '',
          String(user.deviceCount),
          day(user.createdAt),
          day(user.lastSeenAt),
        ]);
        printTable(['id', 'known as', 'name', 'role', 'devices', 'since', 'last seen'], rows);
        return 0;
      });
    case 'conversations':
      return await withInspection(options, async (inspection) => {
        const conversations = await inspection.conversations(ROWS_MAX);
        const rows = conversations.map(({ record, head }) => [
          record.conversationId,
          record.kind,
          record.name ?? '-',
          String(record.memberCount),
          String(head.count),
          day(head.lastActivityAt),
        ]);
        printTable(['id', 'kind', 'name', 'members', 'messages', 'last activity'], rows);
        return 0;
      });
    case 'stats':
      return await withInspection(options, async (inspection) => {
        const counts = await inspection.counts();
        printTable(
          ['what', 'count'],
          Object.entries(counts).map(([name, count]) => [name, String(count)]),
        );
        return 0;
      });
    case 'appoint':
      return await appoint(options);
    case 'help':
    case '--help':
      process.stdout.write(`${HELP}\n`);
      return 0;
    default:
      throw new StartError(`There is no "parley admin ${what}". There is:\n${HELP}`);
  }
}
