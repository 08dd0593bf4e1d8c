import ts from 'typescript';
import { type Finding, findingAt, nodesOf, type Rule } from '../rule.ts';
import type { SourceFile } from '../source-tree.ts';

const claimWordsMin = 3;

// `it('…')`, `test.skip('…')`, `it.each(table)('…')`: the callee begins with `it` or `test`, the title is the first argument.
function titleOf(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression.getText();
  const isCase = /^(it|test)(\.(skip|only|todo|fails|concurrent))*$/.test(callee);
  const isTable = /^(it|test)\.(each|for|skipIf|runIf)\b/s.test(callee) && ts.isCallExpression(node.expression);
  return isCase || isTable ? node.arguments[0] : undefined;
}

function claimWordsIn(title: ts.Expression): number {
  const text = title.getText().slice(1, -1);
  const claim = text.replace(/\[[A-Z0-9-]+\]/g, '').replace(/\$\{[^}]*\}|%[sdijo#]/g, 'word');
  return claim.split(/\s+/).filter((word) => /\w/.test(word)).length;
}

function weakTitlesOf(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  for (const node of nodesOf(file)) {
    const title = titleOf(node);
    // A title held in a variable cannot be judged here.
    if (title === undefined || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) continue;
    if (claimWordsIn(title) < claimWordsMin) findings.push(findingAt(file, title, title.getText()));
  }
  return findings;
}

export const testTitles: readonly Rule[] = [
  {
    name: 'test-titles-claim',
    sentence: 'A title says in plain words what holds: "[SEND-4] a retried client_msg_id returns the first message".',
    check: (tree) =>
      tree.files.filter(({ path }) => /\.test\.tsx?$|^packages\/testkit\//.test(path)).flatMap(weakTitlesOf),
  },
  {
    name: 'no-focused-tests',
    sentence: 'A focused test silently skips the others: remove .only.',
    check: (tree) =>
      tree.files.flatMap((file) =>
        [...nodesOf(file)]
          .filter((node) => ts.isPropertyAccessExpression(node) && /^(it|test|describe)\.only$/.test(node.getText()))
          .map((node) => findingAt(file, node, node.getText())),
      ),
  },
];
