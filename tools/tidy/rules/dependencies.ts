import type { Finding, Rule } from '../rule.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

/** Packages that may run a script while they are installed, each with its reason. */
const installScriptsAllowed: Readonly<Record<string, string>> = {};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockEntry extends Manifest {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

function manifestsOf(tree: SourceTree): readonly SourceFile[] {
  return tree.files.filter(({ path }) => /(^|\/)package\.json$/.test(path));
}

function lockEntriesOf(tree: SourceTree): readonly [place: string, entry: LockEntry][] {
  const lock = tree.files.find(({ path }) => path === 'package-lock.json');
  if (lock === undefined) return [];
  // npm's own format, version 3; a lock of another shape has no `packages` and fails here loudly.
  return Object.entries((JSON.parse(lock.text) as { packages: Record<string, LockEntry> }).packages);
}

function packageName(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function inLock(found: string): Finding {
  return { path: 'package-lock.json', line: 0, found };
}

const exactPins: Rule = {
  name: 'exact-pins',
  sentence: 'Name one exact version, so that everyone runs what was tested.',
  check: (tree) =>
    manifestsOf(tree).flatMap((file) => {
      // Any package.json is an object with these optional parts.
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(file.text) as Manifest;
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => ({ path: file.path, line: 0, found: `${name}: ${version}` }));
    }),
};

const noResolvedHosts: Rule = {
  name: 'no-resolved-hosts',
  sentence: 'The lock file names versions and hashes, not places: run npm install with the .npmrc of this repository.',
  check: (tree) =>
    lockEntriesOf(tree)
      .filter(([, { resolved }]) => resolved?.startsWith('http') === true)
      .map(([place, { resolved }]) => inLock(`${packageName(place)}: ${resolved}`)),
};

const noInstallScripts: Rule = {
  name: 'no-install-scripts',
  sentence:
    'Setup runs no script of a package; choose one without, or allow it in tools/tidy/rules/dependencies.ts with a reason.',
  check: (tree) =>
    lockEntriesOf(tree)
      .filter(
        ([place, entry]) =>
          entry.hasInstallScript === true && !Object.hasOwn(installScriptsAllowed, packageName(place)),
      )
      .map(([place]) => inLock(packageName(place))),
};

const locksEveryPlatform: Rule = {
  name: 'locks-every-platform',
  sentence:
    'On another system this would be installed unchecked, or not at all: lock it where all platforms can be resolved.',
  check: (tree) => {
    const entries = lockEntriesOf(tree);
    const locked = new Set(entries.map(([place]) => packageName(place)));
    const partly = entries.filter(([, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).some((name) => !locked.has(name)),
    );
    return [...new Set(partly.map(([place]) => packageName(place)))].map((name) => inLock(name));
  },
};

export const dependencies: readonly Rule[] = [exactPins, noResolvedHosts, noInstallScripts, locksEveryPlatform];
