import { type ClientState, explainRow, inEnglish, timeline } from '@parley/client';
import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import { harmless, timelineLine } from '../words.ts';
import { h } from './element.ts';

interface TimelinePaneProps {
  readonly state: ClientState;
  readonly openId: string;
  readonly height: number;
  readonly now: number;
  /** Lines scrolled back from the newest. */
  readonly scrolledBack: number;
}

/** The newest lines of a conversation that fit, or older ones when scrolled back; below them what waits, with the reason. */
export function TimelinePane({ state, openId, height, now, scrolledBack }: TimelinePaneProps): ReactElement {
  const view = timeline(state, openId);
  const items = view?.items ?? [];
  const last = items.length - scrolledBack;
  const lines = items.slice(Math.max(0, last - height), last).map((item) => {
    const line = timelineLine(state, item, items, now);
    if (line.who === '') return h(Text, { key: line.key, dimColor: true }, `${line.time.padStart(5)} ${line.text}`);
    return h(
      Text,
      { key: line.key, wrap: 'wrap' },
      h(Text, { dimColor: true }, `${line.time} #${line.seq} `),
      h(Text, { bold: true, ...(line.isOwn ? {} : { color: 'cyan' }) }, `${line.who} `),
      line.text,
      line.marks === '' ? '' : h(Text, { dimColor: true }, `  ${line.marks}`),
    );
  });
  const pending = scrolledBack > 0 ? [] : (view?.pending ?? []);
  const waiting = pending.map((row, index) =>
    h(
      Text,
      { key: row.clientMsgId, wrap: 'wrap', ...(row.state.kind === 'failed' ? { color: 'red' } : { dimColor: true }) },
      `${row.state.kind === 'failed' ? '✗' : '·'} ${harmless(row.write.kind === 'send' ? (row.write.content.text ?? '') : 'forwarded message')} — ${inEnglish(explainRow(row, state.status, index === 0, now))}`,
    ),
  );
  const start =
    view?.isAtStart === true && scrolledBack + height >= items.length
      ? [h(Text, { key: 'start', dimColor: true }, '— the beginning —')]
      : [];
  return h(
    Box,
    { flexDirection: 'column', justifyContent: 'flex-end', flexGrow: 1, height, overflow: 'hidden' },
    ...start,
    ...lines,
    ...waiting,
  );
}
