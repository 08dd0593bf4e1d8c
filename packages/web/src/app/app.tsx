import { lazy, Suspense, useEffect, useState } from 'react';
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
export function App({ wasLoggedIn }: { readonly wasLoggedIn: boolean }) {
  return (
    <Suspense fallback={<Starting />}>
      <Inside wasLoggedIn={wasLoggedIn} />
    </Suspense>
  );
}

function Inside({ wasLoggedIn }: { readonly wasLoggedIn: boolean }) {
  const me = useMe();
  const status = useStatus();
  const route = useRoute();
  // Until what is stored was read, nobody is asked to log in who is logged in.
  const [isStarting, setStarting] = useState(wasLoggedIn);
  const hasBegun = me !== null || status.kind !== 'offline';
  useEffect(() => {
    if (hasBegun) setStarting(false);
  }, [hasBegun]);
  if (route.name === 'welcome') return <FirstRun />;
  if (me !== null) return <Frame />;
  const isComing = (status.kind !== 'offline' && status.kind !== 'stopped') || (isStarting && !hasBegun);
  return isComing ? <Starting /> : <SignIn />;
}
