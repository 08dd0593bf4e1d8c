import { dirname, posix } from 'node:path';
import { type Finding, findingsInText, type Rule } from '../rule.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

// These files plant the very texts that the rules look for.
const plantsViolations = /^tools\/tidy\/.*\.test\.ts$/;

function searched(tree: SourceTree): readonly SourceFile[] {
  return tree.files.filter(({ path }) => !plantsViolations.test(path));
}

const noOpenEnds: Rule = {
  name: 'no-open-ends',
  sentence: 'Finish it, or say in the issue tracker or the decision record what is left; code holds no wishes.',
  check: (tree) => searched(tree).flatMap((file) => findingsInText(file, /\b(?:TO[D]O|FIX[M]E)\b/g)),
};

const noMachinePaths: Rule = {
  name: 'no-machine-paths',
  sentence: 'This path exists on one machine only: use os.tmpdir(), import.meta.dirname or a setting.',
  check: (tree) =>
    searched(tree).flatMap((file) => findingsInText(file, /(?<![\w.*}$)-])\/(?:work|tmp|root|home|Users)\/[\w.-]+/g)),
};

const noRegistryHosts: Rule = {
  name: 'no-registry-hosts',
  sentence: 'Whoever installs Parley chooses the registry: name the package, not a host.',
  check: (tree) =>
    searched(tree).flatMap((file) =>
      findingsInText(file, /\b(?:registry|npm)\.[a-z][a-z0-9-]*\.(?:org|com|net|io|dev)\b/g),
    ),
};

function brokenLinksOf(file: SourceFile, tree: SourceTree): Finding[] {
  // Links in code samples are samples; blanked, not removed, so that line numbers hold.
  const prose = file.text.replace(/^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm, (code) => code.replace(/[^\n]/g, ' '));
  return findingsInText({ ...file, text: prose }, /\]\((?!\w+:|#|\/\/)[^)\s]+/g).filter(({ found }) => {
    const target = decodeURI(found.slice(2).replace(/[#?].*$/, ''));
    const path = posix.normalize(posix.join(dirname(file.path), target)).replace(/\/$/, '');
    return path !== '.' && !tree.has(path);
  });
}

const linksLead: Rule = {
  name: 'links-lead-somewhere',
  sentence: 'No file is there: correct the link or add the page.',
  check: (tree) => tree.files.filter(({ path }) => path.endsWith('.md')).flatMap((file) => brokenLinksOf(file, tree)),
};

export const text: readonly Rule[] = [noOpenEnds, noMachinePaths, noRegistryHosts, linksLead];
