import { lazy, Suspense } from 'react';
import { allWordsAreHere } from '../i18n/language.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { useRoute } from './route.ts';
import { Starting } from './starting.tsx';
import { useMe, useStatus } from './state-hooks.ts';

// Who is not logged in needs none of this.
const Frame = lazy(async () => {
  const [module] = await Promise.all([import('./frame.tsx'), allWordsAreHere()]);
  return { default: module.Frame };
});
// Seen once in the life of a place.
const FirstRun = lazy(async () => {
  const [module] = await Promise.all([import('../sign-in/first-run.tsx'), allWordsAreHere()]);
  return { default: module.FirstRun };
});

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
