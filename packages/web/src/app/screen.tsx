import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { go, type Route } from './route.ts';

/** A screen beside the list; `title` null: its body has the heading. `back`: the screen above it, to which a button leads. */
export function ScreenFrame({ title, back, children }: { title: string | null; back?: Route; children: ReactNode }) {
  return (
    <main className="screen">
      <header className="screen-header">
        <BackButton to={back ?? { name: 'home' }} isAlways={back !== undefined} />
        {title !== null && <h1>{title}</h1>}
      </header>
      <div className="screen-body">{children}</div>
    </main>
  );
}

/** Where the screen covers the list; `isAlways`: also beside it. */
export function BackButton({ to, isAlways = false }: { to: Route; isAlways?: boolean }) {
  const text = useText();
  return (
    <IconButton
      className={isAlways ? 'back-button back-button-always' : 'back-button'}
      label={text('back')}
      icon={<ArrowLeft size={20} className="icon-turns" />}
      onClick={() => go(to)}
    />
  );
}
