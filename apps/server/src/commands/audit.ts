import { withInspection } from './open-inspection.ts';

const FINDINGS_SHOWN_MAX = 50;

/** `parley audit`: recounts every conversation and every user; exit code 1 when anything is not as it must be. Works beside a running server. */
export async function audit(args: readonly string[]): Promise<number> {
  return await withInspection(args, async (inspection, directory) => {
    const damage = await inspection.integrityCheck();
    for (const line of damage.slice(0, FINDINGS_SHOWN_MAX)) process.stdout.write(`The file is damaged: ${line}\n`);
    const report = await inspection.audit({
      onProgress: ({ conversations, users, findings }) => {
        process.stderr.write(`  ${conversations} conversations, ${users} users checked, ${findings} findings\r`);
      },
    });
    process.stderr.write('\n');
    for (const { subject, claim } of report.findings.slice(0, FINDINGS_SHOWN_MAX))
      process.stdout.write(`${subject}: ${claim}\n`);
    const hidden = report.findings.length - FINDINGS_SHOWN_MAX;
    if (hidden > 0) process.stdout.write(`… and ${hidden} more.\n`);
    const problems = damage.length + report.findings.length;
    process.stdout.write(
      problems === 0
        ? `${report.conversations} conversations and ${report.users} users in ${directory}: every place is filled, every count and cursor is true.\n`
        : `${problems} findings in ${report.conversations} conversations and ${report.users} users. Keep a copy of ${directory} before you do anything, and restore the last backup that is clean.\n`,
    );
    return problems === 0 ? 0 : 1;
  });
}
