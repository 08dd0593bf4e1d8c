import { SHORTCUTS } from '../app/shortcuts.ts';
import { useText } from '../i18n/use-text.ts';

export function ShortcutList() {
  const text = useText();
  return (
    // The page scrolls and has nothing else that a keyboard could reach.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section tabIndex={0} aria-label={text('settings.shortcuts')}>
      {SHORTCUTS.map(({ where, shortcuts }) => (
        <table key={where} className="shortcut-list">
          <caption>{text(where)}</caption>
          <tbody>
            {shortcuts.map(({ keys, text: id }) => (
              <tr key={id}>
                <th scope="row">{text(id)}</th>
                <td dir="ltr">
                  {keys.split(' / ').map((combination) => (
                    <span key={combination} className="shortcut-keys">
                      {combination.split(' ').map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </section>
  );
}
