import { Bell, ChevronRight, Keyboard, KeyRound, Lock, MonitorSmartphone, Palette, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '../app/link.tsx';
import { SETTINGS_SECTIONS, type SettingsSection } from '../app/route.ts';
import { ScreenFrame } from '../app/screen.tsx';
import { useText } from '../i18n/use-text.ts';
import { AccountSettings } from './account-settings.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { PrivacySettings } from './privacy-settings.tsx';
import { ProfileSettings } from './profile-settings.tsx';
import './settings.css';
import { ShortcutList } from './shortcut-list.tsx';

const ICONS: Readonly<Record<SettingsSection, ReactNode>> = {
  profile: <UserRound />,
  privacy: <Lock />,
  appearance: <Palette />,
  notifications: <Bell />,
  devices: <MonitorSmartphone />,
  shortcuts: <Keyboard />,
  account: <KeyRound />,
};

export function SettingsScreen({ section }: { section: SettingsSection | null }) {
  const text = useText();
  if (section === null)
    return (
      <ScreenFrame title={text('settings')}>
        <ul className="settings-sections">
          {SETTINGS_SECTIONS.map((name) => (
            <li key={name}>
              <Link to={{ name: 'settings', section: name }} className="settings-link">
                {ICONS[name]}
                <span>
                  {text(`settings.${name}`)}
                  <small>{text(`settings.${name}Hint`)}</small>
                </span>
                <ChevronRight className="settings-chevron icon-turns" size={18} />
              </Link>
            </li>
          ))}
        </ul>
      </ScreenFrame>
    );
  return (
    <ScreenFrame title={text(`settings.${section}`)} back={{ name: 'settings', section: null }}>
      <Section name={section} />
    </ScreenFrame>
  );
}

function Section({ name }: { name: SettingsSection }) {
  switch (name) {
    case 'profile':
      return <ProfileSettings />;
    case 'privacy':
      return <PrivacySettings />;
    case 'appearance':
      return <AppearanceSettings />;
    case 'notifications':
      return <NotificationSettings />;
    case 'devices':
      return <DeviceSettings />;
    case 'shortcuts':
      return <ShortcutList />;
    case 'account':
      return <AccountSettings />;
  }
}
