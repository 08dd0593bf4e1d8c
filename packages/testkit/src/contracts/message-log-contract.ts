import { describe } from 'vitest';
import { appendCases } from './message-log/append-cases.ts';
import { concurrencyCases } from './message-log/concurrency-cases.ts';
import { erasureCases } from './message-log/erasure-cases.ts';
import { historyCases } from './message-log/history-cases.ts';
import { presentStateCases } from './message-log/present-state-cases.ts';
import { readingCases } from './message-log/reading-cases.ts';
import { type OpenStores, storeTest } from './store-test.ts';

/** What `MessageLog` promises, shown on an engine. */
export function messageLogContract(engine: string, open: OpenStores): void {
  describe(`${engine}: MessageLog`, () => {
    const test = storeTest(open);
    appendCases(test);
    concurrencyCases(test);
    readingCases(test);
    presentStateCases(test);
    erasureCases(test);
    historyCases(test);
  });
}
