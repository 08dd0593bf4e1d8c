import type { Conversation } from '@parley/protocol';
import type { Store } from './store.ts';

/**
 * Shows the conversation that an answer tells of, new or joined, without waiting for the user's log to tell it as well. One that was left again before its answer came
 * does not come back with it. Throws what `ask` throws.
 */
export async function foundConversation(store: Store, ask: () => Promise<Conversation>): Promise<Conversation> {
  const left = new Set<string>();
  let isAnew = false;
  const stop = store.subscribe((event) => {
    // A snapshot is newer and names what is there.
    if (event.type === 'snapshot_taken') isAnew = true;
    if (event.type === 'user_event_arrived' && event.event.type === 'conversation_left')
      left.add(event.event.conversation_id);
  });
  try {
    const conversation = await ask();
    if (!isAnew && !left.has(conversation.conversation_id))
      store.dispatch({ type: 'conversations_found', conversations: [conversation] });
    return conversation;
  } finally {
    stop();
  }
}
