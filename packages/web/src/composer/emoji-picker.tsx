import { useLingui } from '@lingui/react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { type Emoji, loadEmoji } from './emoji-data.ts';
import './emoji-picker.css';

const FOUND_MAX = 80;
/** Groups of the Unicode list, each by one of its own (group 2 holds parts of others). */
const GROUPS = [
  { group: 0, sign: '😀' },
  { group: 1, sign: '👋' },
  { group: 3, sign: '🐻' },
  { group: 4, sign: '🍎' },
  { group: 5, sign: '✈️' },
  { group: 6, sign: '⚽' },
  { group: 7, sign: '💡' },
  { group: 8, sign: '❤️' },
  { group: 9, sign: '🏁' },
] as const;

export function EmojiPicker({ onPick }: { onPick(emoji: string): void }) {
  const text = useText();
  const { i18n } = useLingui();
  const [all, setAll] = useState<readonly Emoji[]>([]);
  const [group, setGroup] = useState<number>(0);
  const [query, setQuery] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // Typing its name is the quickest way to an emoji, but not with a keyboard that covers half the screen.
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);
  useEffect(() => {
    let isHere = true;
    void loadEmoji(i18n.locale).then((emoji) => isHere && setAll(emoji));
    return () => {
      isHere = false;
    };
  }, [i18n.locale]);
  const shown = useMemo(() => choose(all, group, query), [all, group, query]);
  return (
    <div className="emoji-picker">
      <input
        ref={field}
        type="search"
        className="field-input"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || shown[0] === undefined) return;
          // Else it is also a new line in the field that gets the focus now.
          event.preventDefault();
          onPick(shown[0].unicode);
        }}
        placeholder={text('emoji.search')}
        aria-label={text('emoji.search')}
      />
      <div className="emoji-groups" role="group" aria-label={text('emoji.groups')}>
        {GROUPS.map((entry) => (
          <button
            key={entry.group}
            type="button"
            aria-pressed={query === '' && group === entry.group}
            aria-label={text(`emoji.group${entry.group}`)}
            title={text(`emoji.group${entry.group}`)}
            onClick={() => {
              setGroup(entry.group);
              setQuery('');
            }}
          >
            {entry.sign}
          </button>
        ))}
      </div>
      <div className="emoji-grid" role="group" aria-label={text('emoji')} onKeyDown={moveInGrid}>
        {shown.map((emoji, index) => (
          <button
            key={emoji.hexcode}
            type="button"
            tabIndex={index === 0 ? 0 : -1}
            aria-label={emoji.label}
            title={emoji.label}
            onClick={() => onPick(emoji.unicode)}
          >
            {emoji.unicode}
          </button>
        ))}
      </div>
      <p className="hidden-visually" role="status">
        {query !== '' && text('emoji.found', { count: shown.length })}
      </p>
    </div>
  );
}

function choose(all: readonly Emoji[], group: number, query: string): readonly Emoji[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return all.filter((emoji) => emoji.group === group);
  return all
    .filter((emoji) => emoji.words.includes(wanted))
    .sort((one, other) => rank(one, wanted) - rank(other, wanted))
    .slice(0, FOUND_MAX);
}

/** What is called so stands before what begins so, and that before what is also found by it: "rocket" is no astronaut. */
function rank({ label }: Emoji, wanted: string): number {
  const name = label.toLocaleLowerCase();
  return name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2;
}

/** Arrow keys go through the grid, which is one stop for Tab. */
function moveInGrid(event: KeyboardEvent<HTMLElement>): void {
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const here = cells.findIndex((cell) => cell === document.activeElement);
  const perRow = getComputedStyle(event.currentTarget).gridTemplateColumns.split(' ').length;
  const isMirrored = document.documentElement.dir === 'rtl';
  const forward = isMirrored ? -1 : 1;
  const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: perRow, ArrowUp: -perRow }[event.key];
  if (here === -1 || step === undefined) return;
  event.preventDefault();
  cells[here + step]?.focus();
}
