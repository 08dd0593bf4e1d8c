import { expect, it } from 'vitest';
import { snapshot } from '../../test/samples.ts';
import { Store } from './store.ts';
import type { StoreEvent } from './store-event.ts';

it('a listener that throws silences neither the others nor what comes after', () => {
  const reported: unknown[] = [];
  const store = new Store((error) => reported.push(error));
  const heard: string[] = [];
  const broken = new Error('A view that cannot draw.');
  const taken: StoreEvent = { type: 'snapshot_taken', snapshot: snapshot() };
  const status: StoreEvent = { type: 'status_changed', status: { kind: 'connecting', attempt: 0 } };
  store.subscribe((event) => {
    if (event.type === 'snapshot_taken') store.dispatch(status);
  });
  store.subscribe((event) => {
    if (event.type === 'snapshot_taken') throw broken;
  });
  store.subscribe((event) => heard.push(event.type));
  store.dispatch(taken);
  store.dispatch({ type: 'signed_out' });
  expect(heard).toEqual(['snapshot_taken', 'status_changed', 'signed_out']);
  expect(reported).toEqual([broken]);
});
