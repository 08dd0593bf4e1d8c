import { checkImports } from './import-rules.ts';
import { readSourceTree } from './source-tree.ts';

const root = process.cwd();
const { modules, broken } = checkImports(root);
const seen = new Set(modules);
const sources = readSourceTree(root).files.filter(({ path }) =>
  /^(packages|adapters|apps|tools|tests)\/.*\.tsx?$/.test(path),
);
const unseen = sources.filter(({ path }) => !seen.has(path));

for (const { rule, from, to, sentence } of broken) console.log(`${from} → ${to}\n  ${sentence} [${rule}]`);
// dependency-cruiser says "no violations" just as happily when it could not read the TypeScript at all.
for (const { path } of unseen)
  console.log(`${path}\n  dependency-cruiser did not read this file, so its imports are unchecked.`);
console.log(`${broken.length} broken imports in ${sources.length} source files (${seen.size} modules read).`);
process.exitCode = broken.length > 0 || unseen.length > 0 || sources.length === 0 ? 1 : 0;
