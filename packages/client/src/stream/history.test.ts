import { describe, expect, it } from 'vitest';
import { amended, arrived, conversation, GROUP, message, page, said, snapshot } from '../../test/samples.ts';
import type { Api } from '../api/api.ts';
import { timeline } from '../store/selectors.ts';
import { Store } from '../store/store.ts';
import { History } from './history.ts';

/** A history whose pages come when the test says so. */
function open() {
  const store = new Store();
  store.dispatch({ type: 'snapshot_taken', snapshot: snapshot() });
  const answers: ((answer: unknown) => void)[] = [];
  const call = () => new Promise((resolve) => answers.push(resolve));
  // The cast holds as far as these tests go: only listMessages is called, and is answered with a page.
  const history = new History({ call } as unknown as Pick<Api, 'call'>, store);
  return { store, history, answers };
}

describe('history', () => {
  it('[HIST-1] an edit that arrives while a page is under way stays', async () => {
    const { store, history, answers } = open();
    store.dispatch(arrived(said(3)));
    const loading = history.loadOlder(GROUP);
    store.dispatch(arrived(amended(4, { type: 'message_edited', target_seq: 3, content: { text: 'better' } })));
    answers[0]?.(page(1, 3, [message(said(3))]));
    await loading;
    expect(timeline(store.getSnapshot(), GROUP)?.items).toMatchObject([{ message: { content: { text: 'better' } } }]);
  });

  it('[SYNC-6] a page that was overtaken by a newer state is read again', async () => {
    const { store, history, answers } = open();
    const loading = history.loadNewest(GROUP);
    store.dispatch({ type: 'conversation_refreshed', conversation: conversation({ head_seq: 4, message_count: 2 }) });
    answers[0]?.(page(1, 2, []));
    await Promise.resolve();
    while (answers.length < 2) await Promise.resolve();
    answers[1]?.(page(1, 4, [message(said(3)), message(said(4))]));
    await loading;
    expect(timeline(store.getSnapshot(), GROUP)).toMatchObject({ isAtEnd: true, items: [{ seq: 3 }, { seq: 4 }] });
  });

  it('the same page is asked for once at a time', async () => {
    const { history, answers } = open();
    const both = Promise.all([history.loadAround(GROUP, 2), history.loadAround(GROUP, 2)]);
    expect(answers).toHaveLength(1);
    answers[0]?.(page(1, 2, []));
    await both;
  });
});
