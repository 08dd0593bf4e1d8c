import { type ContentInput, contentInput, readWith } from '@parley/protocol';

/** The content as it is sent. Throws RangeError on one that no server accepts, so that it is never queued. */
export function checkedContent(content: ContentInput): ContentInput {
  const parsed = readWith(contentInput, content);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  throw new RangeError(`This message cannot be sent: ${problem?.path.join('.') ?? ''} ${problem?.message ?? ''}`);
}
