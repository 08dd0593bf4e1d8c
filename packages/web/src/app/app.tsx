import { lazy, Suspense } from 'react';
import { SignIn } from '../sign-in/sign-in.tsx';
import { useRoute } from './route.ts';
import { Starting } from './starting.tsx';
import { useMe, useStatus } from './state-hooks.ts';

// Who is not logged in needs none of this.
const Frame = lazy(() => import('./frame.tsx').then((module) => ({ default: module.Frame })));
// Seen once in the life of a place.
const FirstRun = lazy(() => import('../sign-in/first-run.tsx').then((module) => ({ default: module.FirstRun })));

/** Who is here: nobody (log in), somebody whose conversations are on this device, or somebody whose conversations are on their way. */
export function App() {
  return (
    <Suspense fallback={<Starting />}>
      <Inside />
    </Suspense>
  );
}

function Inside() {
  const me = useMe();
  const status = useStatus();
  const route = useRoute();
  if (route.name === 'welcome') return <FirstRun />;
  if (me !== null) return <Frame />;
  const isComing = status.kind !== 'offline' && status.kind !== 'stopped';
  return isComing ? <Starting /> : <SignIn />;
}
