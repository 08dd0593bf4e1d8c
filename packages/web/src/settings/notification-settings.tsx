import { useState } from 'react';
import { prefer, usePreferences } from '../app/preferences.ts';
import { Switch } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

export function NotificationSettings() {
  const text = useText();
  const { notifies } = usePreferences();
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  const denied = isSecureContext ? 'notifications.denied' : 'notifications.needsHttps';
  const hint = permission === 'denied' ? denied : 'notifications.hint';
  const isOn = notifies && permission === 'granted';
  const change = async (wanted: boolean) => {
    if (wanted && permission === 'default') {
      const answer = await Notification.requestPermission();
      setPermission(answer);
    }
    prefer({ notifies: wanted });
  };
  return (
    <div className="settings-form">
      <Switch
        label={text('notifications.show')}
        hint={text(hint)}
        isOn={isOn}
        isDisabled={permission === 'denied'}
        onChange={(wanted) => void change(wanted)}
      />
      <p className="settings-note">{text('notifications.perConversation')}</p>
    </div>
  );
}
