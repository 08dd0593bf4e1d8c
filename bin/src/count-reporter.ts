import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What a run came to. A file that does not load and an error outside any test count as a failure each. */
interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

/** The last line of a run, alone on it: `3 passed, 0 failed`, with `, 1 skipped` when something was. */
function countLine({ passed, failed, skipped }: TestCount): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`;
}

function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestCount {
  let passed = 0;
  let failed = unhandled.length;
  const skipped: string[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failed += 1;
      else skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
    }
  }
  return { passed, failed, skipped };
}

/** Names the skipped tests (their titles carry the reason) and ends the output with the count. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const result = count(modules, unhandled);
    // At exit, because other reporters write their summaries in the same phase.
    process.once('exit', () => {
      const report = result.skipped.map((title) => `skipped  ${title}`);
      process.stdout.write(`${['', ...report, countLine(result)].join('\n')}\n`);
    });
  }
}
