import { LIMITS, type UserId } from '@parley/protocol';
import { useEffect } from 'react';
import { useChat } from './chat.ts';

/** Whose presence each part of the screen shows; the SDK wants one list for all. */
const byPlace = new Map<string, readonly UserId[]>();

/** Watches these people while the calling view is on the screen. `place` names the view; the conversation on the screen comes before the list. */
export function useWatchedPresence(place: 'conversation' | 'list', userIds: readonly UserId[]): void {
  const chat = useChat();
  const key = userIds.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the list, which is made anew at each drawing
  useEffect(() => {
    byPlace.set(place, userIds);
    tell();
    return () => {
      byPlace.delete(place);
      tell();
    };
    function tell(): void {
      const all = [...(byPlace.get('conversation') ?? []), ...(byPlace.get('list') ?? [])];
      chat.watchPresence([...new Set(all)].slice(0, LIMITS.presenceUsersMax));
    }
  }, [chat, place, key]);
}
