import { usePlace } from '../app/place.ts';
import { useConversationList, useMe } from '../app/state-hooks.ts';
import { useText } from '../i18n/use-text.ts';
import { FirstSteps } from './first-steps.tsx';

/** Beside the list while nothing is chosen: the next thing to do. */
export function Welcome() {
  const text = useText();
  const me = useMe();
  const place = usePlace();
  const isFirst = useConversationList().length === 0;
  return (
    <main className="welcome">
      <div className="welcome-inside">
        <p className="welcome-place">
          <bdi>{place.name}</bdi>
        </p>
        <h1>{isFirst ? text('welcome.first', { name: me?.name ?? '' }) : text('welcome.choose')}</h1>
        <p className="welcome-hint">{text(isFirst ? 'welcome.firstHint' : 'welcome.chooseHint')}</p>
        <FirstSteps />
      </div>
    </main>
  );
}
