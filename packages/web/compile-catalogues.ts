import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';
import { isFirstWord } from './src/i18n/first-words.ts';

const CATALOGUE = /^(.*[\\/]src[\\/]i18n[\\/](en|de)\.ts)(\?first)?$/;

/**
 * Compiles the words of the app while it is built: the compiler would be 6 kB of script before the first screen. `en.ts?first` has only what that screen
 * says.
 */
export function compileCatalogues(): Plugin {
  return {
    name: 'compile-catalogues',
    async load(id) {
      const [, file, language, first] = CATALOGUE.exec(id) ?? [];
      if (file === undefined || language === undefined) return null;
      // The cast holds: a catalogue exports one record under the name of its language.
      const module = (await import(`${file}?${Date.now()}`)) as Record<string, Record<string, string>>;
      const compiled = Object.entries(module[language] ?? {})
        .filter(([key]) => first === undefined || isFirstWord(key))
        .map(([key, text]) => [key, compileMessage(text)]);
      const messages = JSON.stringify(Object.fromEntries(compiled));
      return `export const ${first === undefined ? language : 'firstWords'} = ${messages};`;
    },
  };
}
