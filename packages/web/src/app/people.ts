import { ROUTES, type UserId } from '@parley/protocol';
import { useEffect } from 'react';
import { type Chat, useChat, useSelected } from './chat.ts';

/** Lookups under way at once, and how many people who could not be found are remembered. */
const AT_ONCE = 4;
const REMEMBERED_MAX = 500;

const waiting: UserId[] = [];
const asked = new Set<UserId>();
let running = 0;

/** Sees to it that these people are known by name: asks for each once. What cannot be had now is asked for when it is shown again. */
export function useKnownPeople(userIds: readonly UserId[]): void {
  const chat = useChat();
  const unknown = useSelected((state) => userIds.filter((id) => state.users[id] === undefined).join(' '));
  useEffect(() => {
    // The cast holds: these are ids of the list that was given.
    for (const id of unknown.split(' ').filter((text) => text !== '') as UserId[]) ask(chat, id);
  }, [chat, unknown]);
}

function ask(chat: Chat, id: UserId): void {
  if (asked.has(id)) return;
  if (asked.size >= REMEMBERED_MAX) asked.clear();
  asked.add(id);
  waiting.push(id);
  while (running < AT_ONCE && waiting.length > 0) void lookUpNext(chat);
}

async function lookUpNext(chat: Chat): Promise<void> {
  const id = waiting.shift();
  if (id === undefined) return;
  running += 1;
  try {
    const user = await chat.api.call(ROUTES.getUser, { params: { user_id: id } });
    chat.store.dispatch({ type: 'users_found', users: [user] });
  } catch {
    // Without a connection, or somebody who is not ours to see: "Someone" is what is shown.
    asked.delete(id);
  } finally {
    running -= 1;
    if (waiting.length > 0) void lookUpNext(chat);
  }
}
