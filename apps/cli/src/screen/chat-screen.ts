import { ApiError, type Client, explainConnection, inEnglish, timeline, typingIn } from '@parley/client';
import { Box, Text, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { Talk } from '../talk.ts';
import { readTypedCommand } from '../typed-command.ts';
import { harmless, nameOfConversation, nameOfUser } from '../words.ts';
import { ConversationPane } from './conversation-pane.ts';
import { h } from './element.ts';
import { TimelinePane } from './timeline-pane.ts';
import { useClientState, useNow } from './use-client-state.ts';

const LIST_WIDTH = 24;
/** Title, status and input. */
const FIXED_LINES = 4;
const NARROW_COLUMNS = 60;
const INPUT_LENGTH_MAX = 16_000;

/** List, conversation, input line. PageUp and PageDown scroll, arrow up edits the last own message, Tab goes to the next conversation. */
export function ChatScreen({ client }: { readonly client: Client }): ReactElement {
  const { exit } = useApp();
  const { columns, rows } = useWindowSize();
  const state = useClientState(client);
  const now = useNow(1_000);
  const talk = useMemo(() => new Talk(client, () => Date.now()), [client]);
  const [input, setInput] = useState('');
  // Several keys may come before the screen is drawn again: what they add to is here, what is drawn is the state.
  const typedLine = useRef('');
  const setTyped = (line: string): void => {
    typedLine.current = line;
    setInput(line);
  };
  const [answer, setAnswer] = useState<readonly string[]>(['/help lists the commands.']);
  const [scrolledBack, setScrolledBack] = useState(0);
  const { openId } = talk;
  const height = Math.max(3, rows - FIXED_LINES - answer.length);

  const attempt = (work: Promise<readonly string[] | 'quit'>): void => {
    work.then(
      (lines) => (lines === 'quit' ? exit() : setAnswer(lines)),
      (error: unknown) =>
        error instanceof ApiError || error instanceof RangeError
          ? setAnswer([error.message])
          : exit(error instanceof Error ? error : new Error(String(error))),
    );
  };

  const scrollUp = (): void => {
    if (openId === undefined) return;
    const items = timeline(state, openId)?.items.length ?? 0;
    setScrolledBack(Math.min(scrolledBack + height, Math.max(0, items - 1)));
    if (scrolledBack + 2 * height >= items) attempt(client.loadOlder(openId).then(() => []));
  };

  const editLast = (): void => {
    const own =
      openId === undefined
        ? undefined
        : timeline(state, openId)?.items.findLast(
            (item) => item.kind === 'message' && item.message.sender_id === state.me?.user_id,
          );
    if (own?.kind === 'message') setTyped(`/edit ${own.seq} ${own.message.content?.text ?? ''}`);
  };

  const openNext = (): void => {
    const ids = Object.keys(state.conversations);
    const next = ids[(ids.indexOf(openId ?? '') + 1) % Math.max(1, ids.length)];
    const conversation = next === undefined ? undefined : state.conversations[next];
    if (conversation !== undefined) attempt(talk.open(conversation.resource.conversation_id).then(() => []));
  };

  const submit = (line: string): void => {
    setScrolledBack(0);
    attempt(talk.run(readTypedCommand(line)));
  };

  // What is typed fast arrives in pieces of several keys, also with the return key inside.
  const take = (typed: string): void => {
    const lines = (typedLine.current + typed).split(/\r\n|\r|\n/);
    setTyped((lines.pop() ?? '').slice(0, INPUT_LENGTH_MAX));
    for (const line of lines) submit(line);
    if (openId !== undefined && typedLine.current !== '' && !typedLine.current.startsWith('/')) client.typing(openId);
  };

  usePaste((text) => setTyped((typedLine.current + text).slice(0, INPUT_LENGTH_MAX)));
  useInput((typed, key) => {
    if (key.return) take('\n');
    else if (key.backspace || key.delete) setTyped([...typedLine.current].slice(0, -1).join(''));
    else if (key.pageUp) scrollUp();
    else if (key.pageDown) setScrolledBack(Math.max(0, scrolledBack - height));
    else if (key.upArrow && typedLine.current === '') editLast();
    else if (key.tab) openNext();
    else if (key.escape) setTyped('');
    else if (!key.ctrl && !key.meta && typed !== '') take(typed);
  });

  const newest = openId === undefined ? undefined : state.conversations[openId]?.resource.head_seq;
  useEffect(() => {
    if (newest !== undefined && scrolledBack === 0) talk.readAll();
  }, [talk, newest, scrolledBack]);

  const conversation = openId === undefined ? undefined : state.conversations[openId];
  const typists = openId === undefined ? [] : typingIn(state, openId, now).map((id) => nameOfUser(state, id));
  const title = conversation === undefined ? 'Parley' : harmless(nameOfConversation(conversation));
  const status =
    typists.length > 0
      ? `${typists.join(', ')} ${typists.length === 1 ? 'is' : 'are'} typing …`
      : inEnglish(explainConnection(state.status, now));
  return h(
    Box,
    { flexDirection: 'column', width: columns, height: rows - 1 },
    h(
      Text,
      { bold: true, wrap: 'truncate' },
      `${title}${scrolledBack > 0 ? `  (${scrolledBack} newer below, PageDown)` : ''}`,
    ),
    h(
      Box,
      { height, overflow: 'hidden' },
      columns < NARROW_COLUMNS && openId !== undefined
        ? null
        : h(ConversationPane, { state, openId, height, width: LIST_WIDTH }),
      openId === undefined
        ? h(Text, { dimColor: true }, 'Open a conversation: /open NAME, or Tab.')
        : h(TimelinePane, { state, openId, height, now, scrolledBack }),
    ),
    ...answer.map((line, index) =>
      h(Text, { key: `answer-${index}`, color: 'yellow', wrap: 'truncate' }, harmless(line)),
    ),
    h(Text, { dimColor: true, wrap: 'truncate' }, status),
    h(Text, { wrap: 'truncate-start' }, `> ${input}▏`),
  );
}
