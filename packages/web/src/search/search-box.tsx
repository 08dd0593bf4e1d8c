import { Search, X } from 'lucide-react';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import './search.css';

export function SearchBox({ query, onChange }: { query: string; onChange(query: string): void }) {
  const text = useText();
  return (
    <search className="search-box">
      <Search size={18} aria-hidden="true" />
      <input
        type="search"
        dir={query === '' ? undefined : 'auto'}
        value={query}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && query !== '') {
            event.preventDefault();
            onChange('');
          }
          if (event.key === 'ArrowDown') focusFirstResult(event);
          if (event.key === 'Enter')
            document.querySelector<HTMLElement>('.search-result, a.conversation-link')?.click();
        }}
        placeholder={text('search')}
        aria-label={text('search.label')}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
      />
      {query !== '' && <IconButton label={text('search.clear')} icon={<X size={16} />} onClick={() => onChange('')} />}
    </search>
  );
}

function focusFirstResult(event: { preventDefault(): void }): void {
  const first = document.querySelector<HTMLElement>('.search-result, a.conversation-link');
  if (first === null) return;
  event.preventDefault();
  first.focus();
}
