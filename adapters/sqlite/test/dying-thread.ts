/** The body of a storage thread that opens and then dies of the first thing that it is asked. */
import { serveThread } from '../src/threads/serve-thread.ts';

serveThread(() => ({
  answer: () => process.exit(1),
  close: () => {},
}));
