/** What an address of the app begins with, after the first slash. Everything else is the server's own: its API, its documents, its health. */
const FIRST_PARTS = ['', 'index.html', 'c', 'settings', 'admin', 'join', 'welcome'];

export const isAppAddress = (path: string): boolean => FIRST_PARTS.includes(path.split('/')[1] ?? '');
