import { prefer, TEXT_SIZES, THEMES, usePreferences } from '../app/preferences.ts';
import { Choice } from '../design/field.tsx';
import { LANGUAGES, type Language } from '../i18n/language.ts';
import { useText } from '../i18n/use-text.ts';

// The cast holds: these are the keys of LANGUAGES, and Object.keys loses their type.
const languages = Object.keys(LANGUAGES) as Language[];

export function AppearanceSettings() {
  const text = useText();
  const { theme, textSize, locale } = usePreferences();
  return (
    <div className="settings-form">
      <Choice
        isCompact
        label={text('appearance.theme')}
        value={theme}
        onChange={(chosen) => prefer({ theme: chosen })}
        options={THEMES.map((value) => ({ value, label: text(`appearance.${value}`) }))}
      />
      <Choice
        isCompact
        label={text('appearance.textSize')}
        value={textSize}
        onChange={(chosen) => prefer({ textSize: chosen })}
        options={TEXT_SIZES.map((value) => ({ value, label: text(`textSize.${value}`) }))}
      />
      <Choice
        isCompact
        label={text('appearance.language')}
        value={locale}
        onChange={(chosen) => prefer({ locale: chosen })}
        options={languages.map((value) => ({ value, label: LANGUAGES[value] }))}
      />
    </div>
  );
}
