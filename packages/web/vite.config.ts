import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compileCatalogues } from './compile-catalogues.ts';

/** Everything that the browser needs, hashed, in `dist/`. `build.ts` adds the service worker and the compressed copies. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), compileCatalogues()],
  build: {
    target: 'es2023',
    // An inlined asset would be a data: address in a style sheet, which the content security policy does not allow.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The emoji lists are known to be large; they are fetched when somebody opens them.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // In one file, because the first module tells the schema library not to make code from text.
            { name: 'protocol', test: /no-eval\.ts$|[\\/]zod[\\/]|packages[\\/]protocol[\\/]/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
          ],
        },
      },
    },
  },
});
