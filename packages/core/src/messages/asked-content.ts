import type { Content, ContentInput } from '@parley/protocol';
import { presentFields } from '../present-fields.ts';

/** The content as given, without absent fields. */
export const storedContent = (content: ContentInput): Content => presentFields(content);

/** The content for a fingerprint: the same whatever the order of its fields was. */
export const askedContent = ({ text, sealed, reply_to, mentions }: ContentInput): readonly unknown[] => [
  text ?? null,
  sealed ?? null,
  reply_to ?? null,
  mentions ?? [],
];
