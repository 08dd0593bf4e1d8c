import { type Privacy, ROUTES } from '@parley/protocol';
import { useChat } from '../app/chat.ts';
import { useMe } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Choice, FormProblem, Switch } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

export function PrivacySettings() {
  const text = useText();
  const chat = useChat();
  const me = useMe();
  const task = useTask();
  if (me === null) return null;
  const change = (body: Partial<Privacy>) => void task.run(() => chat.api.call(ROUTES.updatePrivacy, { body }));
  return (
    <div className="settings-form">
      <Choice<Privacy['last_seen']>
        label={text('privacy.lastSeen')}
        value={me.privacy.last_seen}
        onChange={(last_seen) => change({ last_seen })}
        options={[
          { value: 'everyone', label: text('privacy.everyone') },
          { value: 'contacts', label: text('privacy.contacts'), hint: text('privacy.contactsHint') },
          { value: 'nobody', label: text('privacy.nobody') },
        ]}
      />
      <Switch
        label={text('privacy.receipts')}
        hint={text('privacy.receiptsHint')}
        isOn={me.privacy.read_receipts}
        onChange={(read_receipts) => change({ read_receipts })}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
    </div>
  );
}
