import type { UserId } from '@parley/protocol';
import { peopleOfNotice } from './notice-words.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** Everybody whose name is needed to draw these rows. */
export function peopleOfRows(rows: readonly TimelineRow[]): readonly UserId[] {
  const people = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'message') {
      people.add(row.message.sender_id);
      for (const id of row.message.content?.mentions ?? []) people.add(id);
      if (row.message.content?.forwarded_from !== undefined) people.add(row.message.content.forwarded_from.sender_id);
    }
    if (row.kind === 'notice') for (const id of peopleOfNotice(row.entry)) people.add(id);
  }
  // The cast holds: all of these come from fields that hold user ids.
  return [...people] as UserId[];
}
