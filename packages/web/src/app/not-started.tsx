import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/states.tsx';
import { sayText } from '../i18n/use-text.ts';
import './frame.css';

/** The app could not begin, mostly because the browser gives it no place to keep anything. Says why, and what to do. */
export function NotStarted({ cause }: { readonly cause: unknown }) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return (
    <main className="starting">
      <EmptyState isScreen title={sayText('broken.start')}>
        <p>{sayText('broken.startHint')}</p>
        <p dir="auto">{reason}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {sayText('broken.reload')}
        </Button>
      </EmptyState>
    </main>
  );
}
