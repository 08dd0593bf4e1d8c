import type { Client } from '@parley/client';
import { render } from 'ink';
import { ChatScreen } from './chat-screen.ts';
import { h } from './element.ts';

/** The whole terminal until the person leaves. */
export async function showScreen(client: Client): Promise<void> {
  const screen = render(h(ChatScreen, { client }), { exitOnCtrlC: true });
  await screen.waitUntilExit();
}
