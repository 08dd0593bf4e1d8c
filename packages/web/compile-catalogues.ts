import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

const CATALOGUE = /[\\/]src[\\/]i18n[\\/](en|de)\.ts$/;

/** Compiles the words of the app while it is built: the compiler would be 6 kB of script before the first screen. */
export function compileCatalogues(): Plugin {
  return {
    name: 'compile-catalogues',
    async load(id) {
      const language = CATALOGUE.exec(id)?.[1];
      if (language === undefined) return null;
      // The cast holds: a catalogue exports one record under the name of its language.
      const module = (await import(`${id}?${Date.now()}`)) as Record<string, Record<string, string>>;
      const compiled = Object.entries(module[language] ?? {}).map(([key, text]) => [key, compileMessage(text)]);
      return `export const ${language} = ${JSON.stringify(Object.fromEntries(compiled))};`;
    },
  };
}
