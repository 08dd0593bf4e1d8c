import { useLingui } from '@lingui/react';
import { ROUTES, type RouteOutput } from '@parley/protocol';
import { useEffect, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { FormProblem } from '../design/field.tsx';
import { Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { size } from './size.ts';

const REFRESH_MS = 10_000;
const FIGURES = ['users', 'online_users', 'devices', 'connections', 'conversations', 'messages'] as const;

type Stats = RouteOutput<typeof ROUTES.getStats>;

/** Sizes and signs of life, read again every ten seconds. */
export function ServerFigures() {
  const text = useText();
  const chat = useChat();
  const { i18n } = useLingui();
  const { run, problem } = useTask();
  const [stats, setStats] = useState<Stats>();
  useEffect(() => {
    const load = () => void run(async () => setStats(await chat.api.call(ROUTES.getStats, {})));
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => clearInterval(timer);
  }, [chat, run]);
  if (problem !== null) return <FormProblem>{problem}</FormProblem>;
  if (stats === undefined) return <Skeleton rows={2} label={text('loading')} />;
  return (
    <section>
      <p className="admin-health">
        <span className="admin-light" />
        {text('admin.running', { hours: Math.floor(stats.uptime_ms / 3_600_000) })}
      </p>
      <dl className="admin-figures">
        {FIGURES.map((name) => (
          <div key={name}>
            <dt>{text(`admin.${name}`)}</dt>
            <dd>{i18n.number(stats[name])}</dd>
          </div>
        ))}
        {stats.stored_bytes !== null && (
          <div>
            <dt>{text('admin.stored')}</dt>
            <dd>{size(stats.stored_bytes, i18n.locale)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
