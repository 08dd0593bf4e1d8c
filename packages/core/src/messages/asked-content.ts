import type { Content, ContentInput } from '@parley/protocol';

/** The content as given, field by field: whatever else came with it, such as a forged origin, is left behind. */
export function storedContent({ text, sealed, reply_to, mentions }: ContentInput): Content {
  const content: Content = {};
  if (text !== undefined) content.text = text;
  if (sealed !== undefined) content.sealed = sealed;
  if (reply_to !== undefined) content.reply_to = reply_to;
  if (mentions !== undefined) content.mentions = mentions;
  return content;
}

/** Its text, if that is all there is: then the stored message tells what was asked for. */
export const onlyTextOf = ({ text, sealed, reply_to, mentions, forwarded_from }: Content): string | undefined =>
  sealed === undefined && reply_to === undefined && forwarded_from === undefined && (mentions ?? []).length === 0
    ? text
    : undefined;

/** The content for a fingerprint: the same whatever the order of its fields was. */
export const askedContent = ({ text, sealed, reply_to, mentions }: ContentInput): readonly unknown[] => [
  text ?? null,
  sealed ?? null,
  reply_to ?? null,
  mentions ?? [],
];
