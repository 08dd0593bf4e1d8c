import type { Command, ConversationId, UserId } from '@parley/protocol';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { ClientState } from '../store/state.ts';
import type { StoreEvent } from '../store/store-event.ts';

/** What tabs of one browser profile say to each other. One of them, the writer, is connected and sends. */
export type TabMessage =
  /** From the writer. `number` counts its events, so that a tab notices when it missed one. */
  | { readonly type: 'event'; readonly writer: string; readonly number: number; readonly event: StoreEvent }
  | { readonly type: 'state'; readonly writer: string; readonly number: number; readonly state: ClientState }
  /** To the writer. */
  | { readonly type: 'state_wanted' }
  /** As the device told the tab, or as its user asked. */
  | { readonly type: 'network_changed'; readonly isOnline: boolean }
  /** Somebody looks at the tab (again). */
  | { readonly type: 'looked_at' }
  /** A row that is in the shared storage: new, or to be sent again. */
  | { readonly type: 'row_stored'; readonly row: OutboxRow }
  | { readonly type: 'row_discarded'; readonly clientMsgId: string }
  | { readonly type: 'marked'; readonly event: Extract<StoreEvent, { type: 'read_marked' }> }
  | { readonly type: 'tell'; readonly command: Extract<Command, { type: 'typing_start' | 'typing_stop' }> }
  /** To all: the profile is to be connected, whichever tab writes. */
  | { readonly type: 'connection_wanted' }
  /** To all: somebody logged in or out. */
  | { readonly type: 'session_changed' }
  /** What the tab shows: whose presence and which channels are to be live for it. Empty when it closes. */
  | {
      readonly type: 'interest';
      readonly tab: string;
      readonly userIds: readonly UserId[];
      readonly channelIds: readonly ConversationId[];
    };

/** How tabs reach each other and agree who writes. */
export interface TabLink {
  post(message: TabMessage): void;
  listen(onMessage: (message: TabMessage) => void): void;
  /**
   * Calls back when this tab is the only writer; it stays so until `close`, the end of the tab, or `onLost`: another tab took over because this one did not
   * answer. What it stores from then on counts for nothing; it may become the writer again.
   */
  becomeWriter(onWriter: () => void, onLost: () => void): void;
  close(): void;
}
