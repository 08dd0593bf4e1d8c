import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One text file of the repository: its path from the root with `/`, its text, and its syntax tree if it is a program. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile | undefined;
}

/** Every text file of the repository. `has` also knows folders and files that are not text. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  has(path: string): boolean;
}

const skippedFolders = new Set(['node_modules', '.git', '.parley', 'dist', 'coverage', 'data']);
const textFile = /\.(ts|tsx|mts|js|mjs|cjs|json|md|sh|css|html|yml|yaml|toml|txt|sql|proto)$|(^|\/)(bin|\.ci)\/[^/.]+$/;
const programFile = /\.(ts|tsx|mts|js|mjs|cjs)$/;

/** A file as the rules see it. */
function sourceFile(path: string, text: string): SourceFile {
  const syntax = programFile.test(path) ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) : undefined;
  return { path, text, syntax };
}

/** A tree made of the given texts, keyed by path. */
export function sourceTree(texts: Readonly<Record<string, string>>): SourceTree {
  const paths = Object.keys(texts);
  return {
    files: Object.entries(texts).map(([path, text]) => sourceFile(path, text)),
    has: (path) => paths.some((known) => known === path || known.startsWith(`${path}/`)),
  };
}

/** Reads the repository at `root`, without what is installed, built or ignored. */
export function readSourceTree(root: string): SourceTree {
  const paths = new Set<string>(['']);
  const files: SourceFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && skippedFolders.has(entry.name)) continue;
      paths.add(path);
      if (entry.isDirectory()) visit(path);
      else if (textFile.test(path)) files.push(sourceFile(path, readFileSync(join(root, path), 'utf8')));
    }
  };
  visit('');
  return { files, has: (path) => paths.has(path) };
}
