import { lazy, Suspense, useEffect } from 'react';
import { ConnectionLine } from '../connection/connection-line.tsx';
import { Sidebar } from '../conversations/sidebar.tsx';
import { Welcome } from '../conversations/welcome.tsx';
import { Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import './frame.css';
import { type Route, useRoute } from './route.ts';
import { useShortcuts } from './shortcuts.ts';
import { UpdateLine } from './update-line.tsx';

// What is looked at second is loaded second: the list is there before the code of the timeline is.
const ConversationScreen = lazy(() =>
  import('../timeline/conversation-screen.tsx').then((module) => ({ default: module.ConversationScreen })),
);
const SettingsScreen = lazy(() =>
  import('../settings/settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })),
);
const AdminScreen = lazy(() => import('../admin/admin-screen.tsx').then((module) => ({ default: module.AdminScreen })));

/** The list beside what was chosen from it; on a phone one of the two. */
export function Frame() {
  const route = useRoute();
  const text = useText();
  useShortcuts();
  useEffect(() => {
    // The code of the timeline is fetched while nobody waits for it.
    const timer = setTimeout(() => void import('../timeline/conversation-screen.tsx'), 500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="frame" data-pane={isHome(route) ? 'list' : 'main'}>
      <a className="skip-link" href="#main">
        {text('skipToMain')}
      </a>
      <div className="frame-lines">
        <UpdateLine />
        <ConnectionLine />
      </div>
      <Sidebar />
      <div className="frame-main" id="main" tabIndex={-1}>
        <Suspense fallback={<Skeleton rows={4} label={text('loading')} />}>
          <Screen route={route} />
        </Suspense>
      </div>
    </div>
  );
}

/** Addresses of newcomers lead those who are here already to the list. */
const isHome = ({ name }: Route): boolean => name === 'home' || name === 'join' || name === 'welcome';

function Screen({ route }: { route: Route }) {
  switch (route.name) {
    case 'home':
    case 'join':
    case 'welcome':
      return <Welcome />;
    case 'conversation':
      return (
        <ConversationScreen
          key={route.id}
          id={route.id}
          isAbout={route.isAbout === true}
          {...(route.seq === undefined ? {} : { seq: route.seq })}
        />
      );
    case 'settings':
      return <SettingsScreen section={route.section} />;
    case 'admin':
      return <AdminScreen />;
  }
}
