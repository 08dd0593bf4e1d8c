export interface Emoji {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly group: number;
  /** Name and tags in lower case, to search in. */
  readonly words: string;
}

interface Row {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly group?: number;
  readonly tags?: readonly string[];
}

/** All emoji with their names in the reader's language; a large file, so it comes only when it is looked at. */
export async function loadEmoji(locale: string): Promise<readonly Emoji[]> {
  const rows = locale === 'de' ? await german() : await english();
  return rows.flatMap(({ hexcode, unicode, label, group, tags }) => {
    const words = [label, ...(tags ?? [])].join(' ').toLocaleLowerCase();
    return group === undefined ? [] : [{ hexcode, unicode: asTyped(unicode), label, group, words }];
  });
}

/** Without the mark "show as a picture" behind signs that are pictures anyway: keyboards leave it out, and 👍 must be one reaction, not two. */
const asTyped = (unicode: string): string => unicode.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');

// The casts hold: the package's own description of its compact form.
const english = async () =>
  (await import('emojibase-data/en/compact.json', { with: { type: 'json' } })).default as readonly Row[];
const german = async () =>
  (await import('emojibase-data/de/compact.json', { with: { type: 'json' } })).default as readonly Row[];
