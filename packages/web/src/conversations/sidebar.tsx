import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { SearchBox } from '../search/search-box.tsx';
import { SearchResults } from '../search/search-results.tsx';
import { ConversationList } from './conversation-list.tsx';
import './sidebar.css';
import { SidebarHeader } from './sidebar-header.tsx';

/** The list of conversations; while something is searched for, what was found. */
export function Sidebar() {
  const text = useText();
  const [query, setQuery] = useState('');
  return (
    <nav className="sidebar" aria-label={text('conversations')}>
      <SidebarHeader />
      <SearchBox query={query} onChange={setQuery} />
      {query.trim() === '' ? <ConversationList /> : <SearchResults query={query.trim()} onDone={() => setQuery('')} />}
    </nav>
  );
}
