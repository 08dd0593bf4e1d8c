import ts from 'typescript';
import { type Finding, findingAt, isTest, nodesOf, type Rule } from '../rule.ts';
import type { SourceFile } from '../source-tree.ts';

const pureRooms = /^packages\/(core|protocol)\/src\//;
const impureNames = new Set(['process', 'setTimeout', 'setInterval', 'crypto']);
const impureMembers = new Set(['Date.now', 'Math.random']);

// `options.process`, `{ process: 1 }` and a declaration of that name do not reach for the global.
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  const isMember = ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent);
  return !(isMember || ts.isMethodSignature(parent) || ts.isParameter(parent) || ts.isFunctionDeclaration(parent));
}

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    if (impureMembers.has(member.replace(/^globalThis\./, ''))) return member;
    return node.expression.getText() === 'globalThis' && impureNames.has(node.name.text) ? member : undefined;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) {
    return 'new Date()';
  }
  return ts.isIdentifier(node) && impureNames.has(node.text) && isReference(node) ? node.text : undefined;
}

function impuritiesOf(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  for (const node of nodesOf(file)) {
    const found = impurityOf(node);
    if (found !== undefined) findings.push(findingAt(file, node, found));
  }
  return findings;
}

const pureCore: Rule = {
  name: 'pure-core',
  sentence: 'The core and the protocol have no clock, timer, randomness or process: ask for Clock or Random.',
  check: (tree) => tree.files.filter(({ path }) => pureRooms.test(path) && !isTest(path)).flatMap(impuritiesOf),
};

const environmentReaders =
  /^apps\/[^/]+\/src\/config[^/]*\.ts$|^bin\/|(^|\/)tests?\/|\.test\.ts$|^packages\/web\/build\.ts$/;

function isEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node))
    return node.name.text === 'env' && /\bprocess$/.test(node.expression.getText());
  if (ts.isElementAccessExpression(node)) return /\bprocess\[['"`]env['"`]\]$/.test(node.getText());
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const takesEnv = node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env');
    return takesEnv && /\bprocess$/.test(node.initializer?.getText() ?? '');
  }
  if (!ts.isImportDeclaration(node) || !/^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText())) return false;
  const names = node.importClause?.namedBindings;
  if (names === undefined || !ts.isNamedImports(names)) return false;
  return names.elements.some((element) => (element.propertyName ?? element.name).text === 'env');
}

const environmentInOnePlace: Rule = {
  name: 'environment-in-one-place',
  sentence:
    'Only apps/*/src/config*.ts and test fixtures read the environment; everything else is given a typed setting.',
  check: (tree) =>
    tree.files
      .filter(({ path }) => !environmentReaders.test(path))
      .flatMap((file) =>
        [...nodesOf(file)].filter(isEnvironment).map((node) => findingAt(file, node, node.getText().slice(0, 60))),
      ),
};

export const purity: readonly Rule[] = [pureCore, environmentInOnePlace];
