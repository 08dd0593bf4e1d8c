import type { ComponentProps } from 'react';
import { go, pathOf, type Route } from './route.ts';

/** A link within the app: a real address, so that it can be opened in another tab, without loading the page again. */
export function Link({ to, onClick, ...rest }: Omit<ComponentProps<'a'>, 'href'> & { readonly to: Route }) {
  return (
    <a
      {...rest}
      href={pathOf(to)}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    />
  );
}
