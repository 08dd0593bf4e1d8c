import { fileSizes, functionSizes, type Sized } from './rules/size.ts';
import { rules } from './rules.ts';
import { readSourceTree } from './source-tree.ts';

const listed = 10;

function table(title: string, sizes: readonly Sized[]): string {
  const rows = sizes.slice(0, listed).map(({ key, lines }) => `${String(lines).padStart(6)}  ${key}`);
  return [title, ...rows].join('\n');
}

const tree = readSourceTree(process.cwd());
let broken = 0;
for (const { name, sentence, check } of rules) {
  for (const { path, line, found } of check(tree)) {
    console.log(`${path}${line > 0 ? `:${line}` : ''}  ${found}\n  ${sentence} [${name}]`);
    broken += 1;
  }
}
console.log(table('The longest files', fileSizes(tree)));
console.log(table('The longest functions', functionSizes(tree)));
console.log(`${rules.length} rules, ${tree.files.length} files, ${broken} findings.`);
process.exitCode = broken === 0 ? 0 : 1;
