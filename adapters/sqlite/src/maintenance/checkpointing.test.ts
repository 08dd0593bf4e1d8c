import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { collectLog } from '@parley/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-store.ts';
import { storeFilesIn } from '../store-files.ts';
import { Checkpointing, type CheckpointingThreads } from './checkpointing.ts';

const MANY = 16_384;

/** Threads that note what they are asked and answer when they are told to. */
function start({ databaseExists = true } = {}) {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { database } = storeFilesIn(directory);
  if (databaseExists) writeFileSync(database, '');
  const asked: string[] = [];
  let copied = Promise.withResolvers<boolean>();
  // The casts hold: Checkpointing asks each thread for this one thing.
  const threads = {
    maintenance: {
      call(name: string) {
        asked.push(name);
        return copied.promise;
      },
    },
    writer: { call: async (name: string) => void asked.push(name) },
  } as unknown as CheckpointingThreads;
  const log = collectLog();
  const checkpointing = new Checkpointing(threads, database, log);
  return {
    checkpointing,
    asked,
    log,
    /** Another commit; returns how much was asked by then. */
    askAgain(): number {
      checkpointing.onCommit(MANY);
      return asked.length;
    },
    /** The maintenance thread's answer; it is asked anew after it. */
    answer(fewAreLeft: boolean) {
      copied.resolve(fewAreLeft);
      copied = Promise.withResolvers();
    },
  };
}

const soon = { timeout: 2_000, interval: 5 };

describe('a checkpoint', () => {
  test('runs when the log has grown, one at a time, and has the writer renew the log when few pages are left', async () => {
    const { checkpointing, asked, answer, askAgain } = start();
    checkpointing.onCommit(MANY - 1);
    expect(asked).toEqual([]);
    checkpointing.onCommit(MANY);
    checkpointing.onCommit(MANY + 1);
    expect(asked).toEqual(['checkpoint']);
    answer(true);
    await expect.poll(() => asked, soon).toEqual(['checkpoint', 'renewWal']);
    await expect.poll(askAgain, soon).toBe(3);
    answer(false);
    await checkpointing.close(Promise.resolve());
    expect(asked).toEqual(['checkpoint', 'renewWal', 'checkpoint']);
  });

  test('that fails is said, and the next one is tried', async () => {
    const { checkpointing, asked, answer, askAgain, log } = start({ databaseExists: false });
    checkpointing.onCommit(MANY);
    answer(true);
    await expect.poll(() => log.lines.map(({ event }) => event), soon).toEqual(['checkpoint_failed']);
    await expect.poll(askAgain, soon).toBe(2);
    expect(asked).toEqual(['checkpoint', 'checkpoint']);
    answer(false);
    await checkpointing.close(Promise.resolve());
  });

  test('is waited for by the closing, after which none begins', async () => {
    const { checkpointing, asked, answer, log } = start();
    checkpointing.onCommit(MANY);
    const connectionsClosed = Promise.withResolvers<void>();
    let isClosed = false;
    const closed = checkpointing.close(connectionsClosed.promise).then(() => {
      isClosed = true;
    });
    connectionsClosed.resolve();
    await connectionsClosed.promise;
    expect(isClosed).toBe(false);
    answer(true);
    await closed;
    checkpointing.onCommit(MANY);
    expect(asked).toEqual(['checkpoint', 'renewWal']);
    expect(log.lines).toEqual([]);
  });
});
