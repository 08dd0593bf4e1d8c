import './field.css';

export interface SearchFieldProps {
  /** Also what stands there while it is empty. */
  readonly label: string;
  readonly query: string;
  onChange(query: string): void;
}

/** Narrows down the list below it. */
export function SearchField({ label, query, onChange }: SearchFieldProps) {
  return (
    <input
      type="search"
      // What stands there while it is empty is the app's, and has its direction.
      dir={query === '' ? undefined : 'auto'}
      className="field-input"
      value={query}
      onChange={(event) => onChange(event.target.value)}
      placeholder={label}
      aria-label={label}
    />
  );
}
