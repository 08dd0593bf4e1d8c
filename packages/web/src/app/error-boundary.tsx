import { Component, type ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/states.tsx';
import { sayText } from '../i18n/use-text.ts';

/** A mistake of ours in drawing: says that nothing is lost, because everything that was written is stored before it is drawn. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="starting">
        <EmptyState isScreen title={sayText('broken')}>
          <p>{sayText('broken.hint')}</p>
          <Button look="primary" onClick={() => location.reload()}>
            {sayText('broken.reload')}
          </Button>
        </EmptyState>
      </main>
    );
  }
}
