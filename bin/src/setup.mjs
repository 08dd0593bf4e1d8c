import process from 'node:process';
import { fileURLToPath } from 'node:url';

// Checked before anything else is loaded, so that an old Node gives a sentence and not a syntax error.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Parley needs Node 20 or newer; this is ${process.versions.node}. Nothing was changed. Install a newer Node.`,
  );
  process.exit(1);
}

const { prepare } = await import('./prepare.mjs');
const { SetupError } = await import('./setup-error.mjs');

try {
  const node = await prepare(fileURLToPath(new URL('../..', import.meta.url)));
  if (process.argv.includes('--print-node')) console.log(node);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
