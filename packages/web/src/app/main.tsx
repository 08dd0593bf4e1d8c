import './no-eval.ts';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { beginToSpeak, speak } from '../i18n/language.ts';
import { followUnread } from '../notifications/follow-unread.ts';
import { notifyOfMessages } from '../notifications/notify-of-messages.ts';
import '../design/base.css';
import { App } from './app.tsx';
import { ChatProvider } from './chat.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { NotStarted } from './not-started.tsx';
import { openClient } from './open-client.ts';
import { followAppearance, preferences } from './preferences.ts';
import { watchForUpdate } from './update.ts';

async function start(root: Root): Promise<void> {
  followAppearance();
  const [client] = await Promise.all([openClient(), beginToSpeak(preferences.get().locale)]);
  preferences.subscribe(() => void speak(preferences.get().locale));
  followUnread(client.store);
  notifyOfMessages(client.store);
  watchForUpdate();
  const wasLoggedIn = (await client.deviceId()) !== undefined;
  if (wasLoggedIn) client.connect();
  root.render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <ChatProvider value={client}>
          <ErrorBoundary>
            <App wasLoggedIn={wasLoggedIn} />
          </ErrorBoundary>
        </ChatProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

const place = document.getElementById('app');
if (place === null) throw new Error('The page has no place for the app.');
const root = createRoot(place);
start(root).catch(async (error: unknown) => {
  console.error('The app could not start:', error);
  // In English when the reader's language is what could not be had.
  await beginToSpeak(preferences.get().locale).catch(() => beginToSpeak('en'));
  root.render(<NotStarted cause={error} />);
});
