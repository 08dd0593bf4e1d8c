import type { Conversation, MySettings } from '@parley/protocol';
import { FOR_EVER, useSettingsChange } from '../conversations/conversation-menu.tsx';
import { Choice, Switch } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';

const HOUR_MS = 3_600_000;

/** How this conversation may disturb, for oneself (CONV-4). */
export function ConversationPreferences({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const change = useSettingsChange(conversation);
  const { settings } = conversation.my;
  return (
    <section className="about-section">
      <Choice<MySettings['notifications']>
        isCompact
        label={text('notify')}
        value={settings.notifications}
        onChange={(notifications) => change({ notifications })}
        options={[
          { value: 'all', label: text('notify.all') },
          { value: 'mentions', label: text('notify.mentions') },
          { value: 'none', label: text('notify.none') },
        ]}
      />
      <MuteChoice mutedUntil={settings.muted_until} onChange={(muted_until) => change({ muted_until })} />
      <Switch label={text('pin')} isOn={settings.pinned} onChange={(pinned) => change({ pinned })} />
      <Switch label={text('archive')} isOn={settings.archived} onChange={(archived) => change({ archived })} />
    </section>
  );
}

function MuteChoice({ mutedUntil, onChange }: { mutedUntil: number | null; onChange(until: number | null): void }) {
  const text = useText();
  const time = useTime();
  const isMuted = mutedUntil !== null && mutedUntil > Date.now();
  const isForEver = isMuted && mutedUntil >= FOR_EVER;
  const hint = isMuted
    ? { hint: isForEver ? text('mute.forEver') : text('mute.until', { when: time.moment(mutedUntil) }) }
    : {};
  return (
    <div>
      <Switch label={text('mute')} isOn={isMuted} onChange={(isOn) => onChange(isOn ? FOR_EVER : null)} {...hint} />
      {isMuted && (
        <div className="mute-times">
          {([1, 8, 24 * 7] as const).map((hours) => (
            <button key={hours} type="button" className="chip" onClick={() => onChange(Date.now() + hours * HOUR_MS)}>
              {text('mute.for', { hours })}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
