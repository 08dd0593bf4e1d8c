import { lazy, Suspense } from 'react';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Starting } from './starting.tsx';
import { useMe, useStatus } from './state-hooks.ts';

// Who is not logged in needs none of this.
const Frame = lazy(() => import('./frame.tsx').then((module) => ({ default: module.Frame })));

/** Who is here: nobody (log in), somebody whose conversations are on this device, or somebody whose conversations are on their way. */
export function App() {
  const me = useMe();
  const status = useStatus();
  if (me !== null)
    return (
      <Suspense fallback={<Starting />}>
        <Frame />
      </Suspense>
    );
  const isComing = status.kind !== 'offline' && status.kind !== 'stopped';
  return isComing ? <Starting /> : <SignIn />;
}
