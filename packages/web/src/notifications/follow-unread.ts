import { type Store, unreadTotal } from '@parley/client';

/** Shows the number of unread messages in the window's title and on the icon of the installed app. */
export function followUnread(store: Store): void {
  let shown = -1;
  const show = () => {
    const unread = unreadTotal(store.getSnapshot(), Date.now());
    if (unread === shown) return;
    shown = unread;
    document.title = unread === 0 ? 'Parley' : `(${unread}) Parley`;
    // Only an installed app has a badge; elsewhere the browser refuses, which harms nobody.
    if ('setAppBadge' in navigator) void navigator.setAppBadge(unread).catch(() => undefined);
  };
  show();
  store.subscribe(show);
}
