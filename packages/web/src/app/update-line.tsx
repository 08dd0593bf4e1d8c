import { Button } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { useUpdate } from './update.ts';

/** A newer version is ready; taking it keeps every draft. */
export function UpdateLine() {
  const text = useText();
  const { isReady, take } = useUpdate();
  if (!isReady) return null;
  return (
    <div className="update-line" role="status">
      <span>{text('update.ready')}</span>
      <Button look="quiet" onClick={take}>
        {text('update.take')}
      </Button>
    </div>
  );
}
