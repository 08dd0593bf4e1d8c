import ts from 'typescript';
import type { SourceFile, SourceTree } from './source-tree.ts';

/** One broken rule: where (`line` counts from 1; 0 is the file as a whole) and what exactly was found there. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly found: string;
}

/** A rule about our own code; `sentence` tells the person who broke it what to do instead. */
export interface Rule {
  readonly name: string;
  readonly sentence: string;
  check(tree: SourceTree): readonly Finding[];
}

/** Whether a file is a test or lies in a `test/` folder. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)(test|tests)\//.test(path);
}

/** A finding at a node of a program. */
export function findingAt(file: SourceFile, node: ts.Node, found: string): Finding {
  const position = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return { path: file.path, line: position.line + 1, found };
}

/** Every node of a program, parents first; none for a file that is no program. */
export function* nodesOf(file: SourceFile): Generator<ts.Node> {
  const pending: ts.Node[] = file.syntax === undefined ? [] : [file.syntax];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    pending.push(...children.reverse());
  }
}

/** Findings for every match of a pattern (with the `g` flag) in the text of a file. */
export function findingsInText(file: SourceFile, pattern: RegExp): Finding[] {
  return [...file.text.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: file.text.slice(0, match.index).split('\n').length,
    found: match[0].trim(),
  }));
}
