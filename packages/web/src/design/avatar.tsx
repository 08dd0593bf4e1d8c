import { Hash } from 'lucide-react';
import './avatar.css';

export interface AvatarProps {
  /** An id: decides the colour, so that a person looks the same everywhere. */
  readonly id: string;
  readonly name: string;
  readonly url?: string | null;
  readonly shape?: 'person' | 'group' | 'channel';
  readonly size?: 'small' | 'medium' | 'large';
  readonly isOnline?: boolean;
}

const TONES = 8;

/** Decoration: the name always stands beside it in words. */
export function Avatar({ id, name, url, shape = 'person', size = 'medium', isOnline = false }: AvatarProps) {
  return (
    <span className={`avatar avatar-${shape} avatar-${size}`} data-tone={toneOf(id)} aria-hidden="true">
      <Face name={name} url={url ?? null} shape={shape} />
      {isOnline && <span className="avatar-online" />}
    </span>
  );
}

function Face({ name, url, shape }: { name: string; url: string | null; shape: AvatarProps['shape'] }) {
  // A picture from elsewhere would tell that place who reads what: only this server's own are shown.
  if (url?.startsWith('/')) return <img src={url} alt="" loading="lazy" />;
  if (shape === 'channel') return <Hash size="50%" strokeWidth={2.25} />;
  // Drawn by the style sheet: two letters are no text to read or to search for.
  return <span className="avatar-initials" data-initials={initialsOf(name)} />;
}

export function toneOf(id: string): number {
  // FNV-1a: ids made one after another differ in their last digits only.
  let hash = 0x811c9dc5;
  for (const unit of id) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 16) % TONES;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return chosen
    .map(
      (word) =>
        graphemes
          .segment(word ?? '')
          [Symbol.iterator]()
          .next().value?.segment ?? '',
    )
    .join('')
    .toUpperCase();
}
