import { type Device, ROUTES } from '@parley/protocol';
import { MonitorSmartphone } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { goHome } from '../app/route.ts';
import { useNow } from '../app/use-now.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { FormProblem } from '../design/field.tsx';
import { Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';

export function DeviceSettings() {
  const text = useText();
  const chat = useChat();
  const { run, problem } = useTask();
  const [devices, setDevices] = useState<readonly Device[]>();
  const load = useCallback(
    () => run(async () => setDevices(ownFirst((await chat.api.call(ROUTES.listDevices, {})).items))),
    [chat, run],
  );
  useEffect(() => void load(), [load]);
  const logOut = (device: Device) =>
    void run(() => chat.api.call(ROUTES.revokeDevice, { params: { device_id: device.device_id } })).then(
      (isDone) => isDone && load(),
    );
  return (
    <div className="settings-form">
      <p className="settings-note">{text('devices.hint')}</p>
      {problem !== null && <FormProblem>{problem}</FormProblem>}
      {devices === undefined && problem === null && <Skeleton rows={2} label={text('loading')} />}
      <ul className="entry-rows">
        {devices?.map((device) => (
          <DeviceRow key={device.device_id} device={device} onLogOut={() => logOut(device)} />
        ))}
      </ul>
    </div>
  );
}

const ownFirst = (devices: readonly Device[]): readonly Device[] =>
  [...devices].sort((one, other) => Number(other.current) - Number(one.current));

function DeviceRow({ device, onLogOut }: { device: Device; onLogOut(): void }) {
  const text = useText();
  const chat = useChat();
  const time = useTime();
  const now = useNow(60_000);
  return (
    <li className="entry-row">
      <MonitorSmartphone size={22} />
      <span className="entry-words">
        <bdi>{device.name}</bdi>
        <small>
          {device.current
            ? text('devices.this')
            : text('devices.active', { when: time.ago(device.last_active_at, now) })}
        </small>
      </span>
      {device.current ? (
        <Button onClick={() => void chat.logout().then(goHome)}>{text('devices.logOut')}</Button>
      ) : (
        <Button onClick={onLogOut} aria-label={text('devices.logOutThere', { name: device.name })}>
          {text('devices.logOutShort')}
        </Button>
      )}
    </li>
  );
}
