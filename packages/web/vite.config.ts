import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything that the browser needs, hashed, in `dist/`. `build.ts` adds the service worker and the compressed copies. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    target: 'es2023',
    // An inlined asset would be a data: address in a style sheet, which the content security policy does not allow.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
