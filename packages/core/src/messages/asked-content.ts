import type { Content, ContentInput } from '@parley/protocol';
import { presentFields } from '../present-fields.ts';

/** The content as given, field by field: whatever else came with it, such as a forged origin, is left behind. */
export const storedContent = ({ text, sealed, reply_to, mentions }: ContentInput): Content =>
  presentFields({ text, sealed, reply_to, mentions });

/** The content for a fingerprint: the same whatever the order of its fields was. */
export const askedContent = ({ text, sealed, reply_to, mentions }: ContentInput): readonly unknown[] => [
  text ?? null,
  sealed ?? null,
  reply_to ?? null,
  mentions ?? [],
];
