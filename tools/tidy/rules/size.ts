import ts from 'typescript';
import { type Ratchet, ratchet } from '../ratchet.ts';
import { type Finding, nodesOf, type Rule } from '../rule.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;

/** Something with a size; `key` is a path, or `path#function`. */
export interface Sized {
  readonly key: string;
  readonly lines: number;
}

function countLines(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** The lines of every program file, longest first. */
export function fileSizes(tree: SourceTree): Sized[] {
  const programs = tree.files.filter((file) => file.syntax !== undefined);
  return programs.map(({ path, text }) => ({ key: path, lines: countLines(text) })).sort((a, b) => b.lines - a.lines);
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  if (ts.isCallExpression(parent)) return `${parent.expression.getText()}(…)`;
  return ts.isConstructorDeclaration(node) ? 'constructor' : 'anonymous';
}

// The lines of functions inside count for those functions only: a `describe` full of small tests is not a long function.
function ownLines(node: ts.Node): number {
  let inner = 0;
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) inner += countLines(child.getText()) - 1;
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return countLines(node.getText()) - inner;
}

function functionsOf(file: SourceFile): Sized[] {
  const sizes: Sized[] = [];
  for (const node of nodesOf(file)) {
    // `isFunctionLike` includes signatures; only what has a body has a size.
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue;
    // Everything function-like with a body is a FunctionLikeDeclaration.
    sizes.push({ key: `${file.path}#${nameOf(node as ts.FunctionLikeDeclaration)}`, lines: ownLines(node) });
  }
  return sizes;
}

/** The lines of every function without those of functions inside it, longest first. */
export function functionSizes(tree: SourceTree): Sized[] {
  return tree.files.flatMap(functionsOf).sort((a, b) => b.lines - a.lines);
}

function compare(sizes: readonly Sized[], linesMax: number, allowed: Ratchet): Finding[] {
  const findings: Finding[] = [];
  const at = (key: string, found: string): Finding => ({ path: key, line: 0, found });
  const longest = new Map<string, number>();
  for (const { key, lines } of sizes) longest.set(key, Math.max(lines, longest.get(key) ?? 0));
  for (const [key, lines] of longest) {
    const entry = allowed[key];
    if (entry === undefined && lines > linesMax) findings.push(at(key, `${lines} lines, ${linesMax} at most`));
    if (entry !== undefined && lines > entry.lines)
      findings.push(at(key, `grew from ${entry.lines} to ${lines} lines`));
    if (entry !== undefined && lines < entry.lines) {
      const now = lines > linesMax ? `lower its number to ${lines}` : 'remove it';
      findings.push(at(key, `shrank to ${lines} lines: ${now} in tools/tidy/ratchet.ts`));
    }
  }
  for (const key of Object.keys(allowed)) {
    if (!longest.has(key)) findings.push(at(key, 'is gone: remove it from tools/tidy/ratchet.ts'));
  }
  return findings;
}

/** The rules on size against a list of allowed exceptions. */
export function sizeRules(allowed: { readonly files: Ratchet; readonly functions: Ratchet }): readonly Rule[] {
  return [
    {
      name: 'file-size',
      sentence: 'Ask how many concepts live in this file and give each its own.',
      check: (tree) => compare(fileSizes(tree), fileLinesMax, allowed.files),
    },
    {
      name: 'function-size',
      sentence: 'Part the branching from the work, or name the steps as functions.',
      check: (tree) => compare(functionSizes(tree), functionLinesMax, allowed.functions),
    },
  ];
}

export const size: readonly Rule[] = sizeRules(ratchet);
