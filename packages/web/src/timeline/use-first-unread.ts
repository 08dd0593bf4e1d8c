import type { ConnectionStatus } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import { useEffect, useState } from 'react';
import { useChat } from '../app/chat.ts';

/** The newest page shows so many at least: what is unread further back is asked for where it begins. */
const IN_NEWEST_PAGE = 24;

/**
 * Nothing can be had from the server; while a connection is being made it can, and `offline` is only the moment before that: who reloads a page at that
 * moment was shown the end, and all was marked as read.
 */
const AWAY: ReadonlySet<ConnectionStatus['kind']> = new Set(['waiting', 'stopped']);

export interface FirstUnread {
  /** Where to open; null: at what is newest. */
  readonly seq: number | null;
  /** It is on its way: showing the end first would make the timeline jump. */
  readonly isComing: boolean;
}

/** Where reading was left off, when that lies before the newest page. Without a connection what is on this device has to do. */
export function useFirstUnread(id: ConversationId, target: number | undefined, unreadAfter: number): FirstUnread {
  const chat = useChat();
  const [seq] = useState(() => {
    const { conversations, status } = chat.store.getSnapshot();
    const resource = conversations[id]?.resource;
    const isFar = resource !== undefined && resource.head_seq - unreadAfter > IN_NEWEST_PAGE;
    if (target !== undefined || !isFar || AWAY.has(status.kind) || !navigator.onLine) return null;
    return Math.max(unreadAfter + 1, resource.my.visible_from_seq);
  });
  const [isComing, setComing] = useState(seq !== null);
  useEffect(() => {
    if (seq === null) return;
    let isHere = true;
    void chat
      .loadAround(id, seq)
      // Without it the end is shown, and "new messages" above what is loaded of them.
      .catch(() => undefined)
      .finally(() => isHere && setComing(false));
    return () => {
      isHere = false;
    };
  }, [chat, id, seq]);
  return { seq, isComing };
}
