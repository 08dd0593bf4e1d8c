import { archivedList, type ConnectionStatus, conversationList, type HeldConversation } from '@parley/client';
import type { Conversation, Me, Presence, User, UserId } from '@parley/protocol';
import { useMemo } from 'react';
import { useOnline } from '../connection/use-online.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { useSelected } from './chat.ts';

/** One hook a question; each view is drawn again only when its own answer changes. */

export const useMe = (): Me | null => useSelected((state) => state.me);
export const useStatus = (): ConnectionStatus => useSelected((state) => state.status);
/** What the server says of it: unlike what is held of its timeline, this stays the same while somebody scrolls. */
export const useResource = (id: string): Conversation | undefined =>
  useSelected((state) => state.conversations[id]?.resource);
export const useConversationList = (): readonly HeldConversation[] =>
  useSelected((state) => conversationList(state.conversations));
export const useArchivedList = (): readonly HeldConversation[] =>
  useSelected((state) => archivedList(state.conversations));
/** Whether the server can be asked now, as far as this device knows. */
export function useConnected(): boolean {
  const isOnline = useOnline();
  return useStatus().kind === 'live' && isOnline;
}
/** Whether this device has ever had the list of conversations. */
export const useHasState = (): boolean => useSelected((state) => state.epoch !== null);
export const useUser = (id: string): User | undefined => useSelected((state) => state.users[id]);
/** Undefined also while there is no connection: what was so a while ago is not said of now. */
export function usePresence(id: string): Presence | undefined {
  const isOnline = useOnline();
  return useSelected((state) => (isOnline && state.status.kind === 'live' ? state.presence[id] : undefined));
}

/** Ids of those others who are typing there; the SDK ends what nobody ended. */
export function useTypists(conversationId: string): readonly UserId[] {
  const me = useMe();
  const typing = useSelected((state) => state.typing[conversationId]);
  // The cast holds: these are the ids that the SDK has put there, and Object.keys loses their type.
  return useMemo(() => (Object.keys(typing ?? {}) as UserId[]).filter((id) => id !== me?.user_id), [typing, me]);
}

/** What a person is called here. */
export function useNameOf(userId: string): string {
  const text = useText();
  const me = useMe();
  const user = useUser(userId);
  if (userId === me?.user_id) return text('you');
  return user === undefined ? text('someone') : shownName(user, text);
}

export const shownName = (user: Pick<User, 'name' | 'deleted'>, text: Text): string =>
  user.deleted ? text('deletedUser') : user.name;

/** What a conversation is called here: its name, or who the other one is. */
export function titleOf(conversation: Conversation, text: Text): string {
  if (conversation.peer !== null) return shownName(conversation.peer, text);
  return conversation.name ?? text('unnamed');
}
