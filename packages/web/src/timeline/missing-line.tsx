import { useConnected } from '../app/state-hooks.ts';
import { problemOf } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import type { TextId } from '../i18n/use-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Missing } from './use-history-loading.ts';

const FAILED: Readonly<Record<Missing['what'], TextId>> = {
  older: 'missing.older',
  newer: 'missing.newer',
  target: 'missing.target',
};

/** At the edge behind which more is to come: why it is not there yet. */
export function MissingLine({ missing: { what, problem }, onRetry }: { missing: Missing; onRetry(): void }) {
  const text = useText();
  const isConnected = useConnected();
  return (
    <div className="missing-line" data-what={what} role="status">
      {problem === null ? (
        <span>{text('loading')}</span>
      ) : (
        <>
          <span>
            {text(FAILED[what])} {isConnected ? problemOf(problem, text) : text('timeline.unreachableHint')}
          </span>
          <Button look="quiet" onClick={onRetry}>
            {text('connection.retryNow')}
          </Button>
        </>
      )}
    </div>
  );
}
