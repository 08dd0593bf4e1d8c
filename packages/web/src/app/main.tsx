import './no-eval.ts';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginToSpeak, speak } from '../i18n/language.ts';
import { followUnread } from '../notifications/follow-unread.ts';
import { notifyOfMessages } from '../notifications/notify-of-messages.ts';
import '../design/base.css';
import { App } from './app.tsx';
import { ChatProvider } from './chat.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { openClient } from './open-client.ts';
import { followAppearance, preferences } from './preferences.ts';
import { watchForUpdate } from './update.ts';

async function start(root: HTMLElement): Promise<void> {
  followAppearance();
  const [client] = await Promise.all([openClient(), beginToSpeak(preferences.get().locale)]);
  preferences.subscribe(() => void speak(preferences.get().locale));
  followUnread(client.store);
  notifyOfMessages(client.store);
  watchForUpdate();
  if ((await client.deviceId()) !== undefined) client.connect();
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <ChatProvider value={client}>
          <ErrorBoundary>
            <App />
          </ErrorBoundary>
        </ChatProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the app.');
void start(root);
