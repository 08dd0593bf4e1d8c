import ts from 'typescript';
import { type Finding, findingAt, nodesOf, type Rule } from '../rule.ts';
import type { SourceTree } from '../source-tree.ts';

const dumpingGround = /(^|\/)(utils|helpers|common)\/|(^|\/)types\.ts$/;
const configFile = /(^|\/)[^/]+\.config\.(ts|js|mjs|cjs)$/;

const noDumpingGrounds: Rule = {
  name: 'no-dumping-grounds',
  sentence: 'Name the folder or file after the concept that lives in it.',
  check: (tree) =>
    tree.files.filter(({ path }) => dumpingGround.test(path)).map(({ path }) => ({ path, line: 0, found: path })),
};

function hasDefaultModifier(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword) ?? false)
  );
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return node.isExportEquals !== true;
  return (ts.isExportSpecifier(node) && node.name.text === 'default') || hasDefaultModifier(node);
}

function isStarExport(node: ts.Node): boolean {
  return ts.isExportDeclaration(node) && (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause));
}

function findNodes(tree: SourceTree, matches: (node: ts.Node) => boolean, pathNot?: RegExp): Finding[] {
  return tree.files
    .filter(({ path }) => pathNot === undefined || !pathNot.test(path))
    .flatMap((file) =>
      [...nodesOf(file)].filter(matches).map((node) => findingAt(file, node, node.getText().split('\n')[0] ?? '')),
    );
}

const noDefaultExports: Rule = {
  name: 'no-default-exports',
  sentence: 'Export a name: it is the same everywhere and can be searched for.',
  check: (tree) => findNodes(tree, isDefaultExport, configFile),
};

const noStarExports: Rule = {
  name: 'no-star-exports',
  sentence: 'List the names: the index is the table of contents of its package.',
  check: (tree) => findNodes(tree, isStarExport),
};

export const modules: readonly Rule[] = [noDumpingGrounds, noDefaultExports, noStarExports];
